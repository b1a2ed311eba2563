import type { Fault } from './faults/fault.js';
import { whole } from './number-format.js';
import type { Plan } from './plan.js';
import type { Stage } from './run/stage.js';
import { USUAL_PORT } from './service/listen.js';
import type { ReadyMessage } from './service/messages.js';

/** What is about to be seen. */
export function introduction(
  { name, title, aspects }: Fault,
  plan: Plan,
  { addresses, service }: Stage,
): string[] {
  const { requestsPerSecond, faultEvery, watch } = plan;
  const rate = faultEvery === 1 ? '' : `, one in ${faultEvery} faulty since there is little room`;
  const warning = aspects.includes('descriptors')
    ? `; warning set to ${whole(watch.descriptors.warnAtCount)} descriptors`
    : '';
  return [
    `${name}: ${title}.`,
    `service ${addresses.url} (pid ${service.pid})`,
    ...whereToLook(addresses),
    `${requestsPerSecond} requests a second${rate}${warning}`,
  ];
}

/** The addresses for people and for Prometheus. */
export function whereToLook({ metricsUrl, pageUrl }: ReadyMessage): string[] {
  const isUsual = new URL(pageUrl).port === String(USUAL_PORT);
  return [`metrics ${metricsUrl}`, `page    ${pageUrl}${isUsual ? '' : ` (port ${USUAL_PORT} is busy)`}`];
}
