import { Agent } from 'node:http';
import { httpGet } from './http-get.js';
import { Scrape } from './scrape.js';

/** Scrapes as Prometheus does, over one connection that stays open. */
export class Scraper {
  readonly #url: string;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });

  constructor(url: string) {
    this.#url = url;
  }

  async scrape(): Promise<Scrape> {
    return new Scrape(await httpGet(this.#url, this.#agent));
  }

  close(): void {
    this.#agent.destroy();
  }
}
