import { get } from 'node:http';
import type { Agent } from 'node:http';

/** The body of an answer with status 200. */
export function httpGet(url: string, agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, response => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => (body += text));
      response.once('error', reject);
      response.once('end', () => {
        if (response.statusCode === 200) resolve(body);
        else reject(new Error(`${url} answered ${response.statusCode ?? '?'}: ${body}`));
      });
    }).once('error', reject);
  });
}
