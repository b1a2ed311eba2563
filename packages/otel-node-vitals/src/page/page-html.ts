import type { Vitals } from './page-data.js';
import { stateOf } from './state-sentence.js';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it may stand in an element or in an attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, character => ENTITIES[character] ?? '');
}

/** The page with the service's name and its state filled in, so that the first thing that is painted says something. */
export function fillPage(template: string, service: string, vitals: Vitals): string {
  const { level, word, sentence } = stateOf(vitals);
  const words: Readonly<Record<string, string>> = { service, level, word, sentence };
  return template.replace(/\{\{(\w+)\}\}/g, (_, name: string) => escapeHtml(words[name] ?? ''));
}
