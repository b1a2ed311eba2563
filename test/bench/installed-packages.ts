import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConsumerFolder, packAll } from '../consumer-folder.js';
import { productPackages, readJson } from '../product-packages.js';

/** The packages as a user has them: packed, and installed beside the SDK that this repository has. */
export async function installPackages(): Promise<ConsumerFolder> {
  const { devDependencies } = readJson('package.json') as { devDependencies: Record<string, string> };
  const sdk = ['@opentelemetry/api', '@opentelemetry/exporter-prometheus', '@opentelemetry/sdk-metrics'];
  const tarballs = mkdtempSync(join(tmpdir(), 'tarballs-'));
  const consumer = new ConsumerFolder();
  try {
    const packed = await packAll(productPackages(), tarballs);
    await consumer.install(...packed.values(), ...sdk.map(name => `${name}@${devDependencies[name] ?? ''}`));
    return consumer;
  } catch (thrown) {
    consumer.remove();
    throw thrown;
  } finally {
    rmSync(tarballs, { recursive: true });
  }
}
