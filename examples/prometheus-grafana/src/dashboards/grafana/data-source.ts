/** The Prometheus that is chosen at the top of the dashboard, so that an import need not ask for one. */
export const DATA_SOURCE = { type: 'prometheus', uid: '${datasource}' } as const;
