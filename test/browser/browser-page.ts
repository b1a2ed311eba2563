import { writeFileSync } from 'node:fs';
import type { DevtoolsPipe } from './devtools-pipe.js';

export interface PageSettings {
  readonly width?: number;
  readonly height?: number;
  readonly dark?: boolean;
  readonly phone?: boolean;
  /** JavaScript that runs before the page's own. */
  readonly before?: string;
}

interface Evaluated {
  readonly result: { readonly value?: unknown };
  readonly exceptionDetails?: {
    readonly text: string;
    readonly exception?: { readonly description?: string };
  };
}

/** A key, as the DevTools protocol wants to know it. */
const KEY_CODES: Readonly<Record<string, number>> = {
  Tab: 9,
  Enter: 13,
  Escape: 27,
  End: 35,
  Home: 36,
  ArrowLeft: 37,
  ArrowRight: 39,
};

/** One page of the browser, and everything that it complained of. */
export class BrowserPage {
  readonly #pipe: DevtoolsPipe;
  readonly #session: string;
  readonly #target: string;
  readonly #loaded: (() => void)[] = [];
  /** Console errors and warnings, uncaught exceptions, and what the browser itself reports, CSP violations among them. */
  readonly complaints: string[] = [];
  /** Addresses of all requests, in order. */
  readonly requests: string[] = [];
  /** Bytes that came over the wire, headers included. */
  receivedBytes = 0;

  static async open(pipe: DevtoolsPipe, settings: PageSettings): Promise<BrowserPage> {
    const { width = 1280, height = 900, dark = false, phone = false, before } = settings;
    // A context of its own: no cache and no cookie of another page.
    const { browserContextId } = await pipe.send<{ browserContextId: string }>('Target.createBrowserContext');
    const { targetId } = await pipe.send<{ targetId: string }>('Target.createTarget', {
      url: 'about:blank',
      browserContextId,
    });
    const { sessionId } = await pipe.send<{ sessionId: string }>('Target.attachToTarget', {
      targetId,
      flatten: true,
    });
    const page = new BrowserPage(pipe, sessionId, targetId);
    for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await page.send(`${domain}.enable`);
    await page.send('Emulation.setDeviceMetricsOverride', {
      width,
      height,
      deviceScaleFactor: phone ? 2 : 1,
      mobile: phone,
    });
    await page.setDark(dark);
    if (before !== undefined) await page.send('Page.addScriptToEvaluateOnNewDocument', { source: before });
    return page;
  }

  constructor(pipe: DevtoolsPipe, session: string, target: string) {
    this.#pipe = pipe;
    this.#session = session;
    this.#target = target;
    pipe.on(session, (method, params) => {
      this.#hear(method, params);
    });
  }

  send<Result = unknown>(method: string, params: object = {}): Promise<Result> {
    return this.#pipe.send<Result>(method, params, this.#session);
  }

  async goTo(url: string): Promise<void> {
    const loaded = new Promise<void>(resolve => this.#loaded.push(resolve));
    await this.send('Page.navigate', { url });
    await loaded;
  }

  /** The value of a JavaScript expression in the page, promises awaited. */
  async evaluate<Value>(expression: string): Promise<Value> {
    const { result, exceptionDetails } = await this.send<Evaluated>('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails !== undefined) {
      throw new Error(`${expression}: ${exceptionDetails.exception?.description ?? exceptionDetails.text}`);
    }
    return result.value as Value;
  }

  /** Waits until an expression is true. */
  async until(expression: string, timeoutMillis = 15_000): Promise<void> {
    const end = Date.now() + timeoutMillis;
    while (!(await this.evaluate<boolean>(`Boolean(${expression})`))) {
      if (Date.now() > end) throw new Error(`it did not come true: ${expression}`);
      await new Promise(resolve => setTimeout(resolve, 30));
    }
  }

  async press(key: string, shift = false): Promise<void> {
    const code = KEY_CODES[key] ?? key.toUpperCase().charCodeAt(0);
    const common = {
      key: key === 'Space' ? ' ' : key,
      code: key,
      windowsVirtualKeyCode: key === 'Space' ? 32 : code,
    };
    const text = key === 'Enter' ? { text: '\r' } : key === 'Space' ? { text: ' ' } : {};
    const modifiers = shift ? 8 : 0;
    await this.send('Input.dispatchKeyEvent', { type: 'keyDown', ...common, ...text, modifiers });
    await this.send('Input.dispatchKeyEvent', { type: 'keyUp', ...common, modifiers });
  }

  async setDark(dark: boolean): Promise<void> {
    const features = [{ name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' }];
    await this.send('Emulation.setEmulatedMedia', { features });
  }

  /** Bytes of JavaScript objects that are alive, after two collections. */
  async liveHeapBytes(): Promise<number> {
    await this.send('HeapProfiler.enable');
    await this.send('HeapProfiler.collectGarbage');
    await this.send('HeapProfiler.collectGarbage');
    return (await this.send<{ usedSize: number }>('Runtime.getHeapUsage')).usedSize;
  }

  /** @param whole everything, and not only what is in the window */
  async screenshot(path: string, whole = false): Promise<void> {
    const { data } = await this.send<{ data: string }>('Page.captureScreenshot', {
      format: 'png',
      captureBeyondViewport: whole,
      ...(whole ? { clip: await this.#wholeArea() } : {}),
    });
    writeFileSync(path, Buffer.from(data, 'base64'));
  }

  async close(): Promise<void> {
    await this.#pipe.send('Target.closeTarget', { targetId: this.#target });
  }

  async #wholeArea(): Promise<object> {
    const { cssContentSize } = await this.send<{ cssContentSize: { width: number; height: number } }>(
      'Page.getLayoutMetrics',
    );
    return { x: 0, y: 0, width: cssContentSize.width, height: cssContentSize.height, scale: 1 };
  }

  #hear(method: string, params: unknown): void {
    switch (method) {
      case 'Page.loadEventFired':
        for (const resolve of this.#loaded.splice(0)) resolve();
        return;
      case 'Network.requestWillBeSent':
        this.requests.push((params as { request: { url: string } }).request.url);
        return;
      case 'Network.loadingFinished':
        this.receivedBytes += (params as { encodedDataLength: number }).encodedDataLength;
        return;
      case 'Log.entryAdded':
        this.complaints.push(JSON.stringify((params as { entry: unknown }).entry));
        return;
      case 'Runtime.exceptionThrown':
        this.complaints.push(JSON.stringify(params));
        return;
      case 'Runtime.consoleAPICalled':
        if ((params as { type: string }).type !== 'log') this.complaints.push(JSON.stringify(params));
    }
  }
}
