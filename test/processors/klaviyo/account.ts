import KlaviyoConnection from '../../../processors/klaviyo/KlaviyoConnection.ts';
import { KlaviyoEmulator } from '../../emulators/klaviyo.ts';

type Limits = Parameters<typeof KlaviyoEmulator.start>[0];

/** An emulated account for the time of a test. */
export async function withKlaviyo(work: (klaviyo: KlaviyoEmulator) => Promise<void>, limits?: Limits): Promise<void> {
  const klaviyo = await KlaviyoEmulator.start(limits);
  try {
    await work(klaviyo);
  } finally {
    await klaviyo.stop();
  }
}

/** The service that reaches it. */
export const connectionTo = (klaviyo: KlaviyoEmulator, key = 'pk_test') => ({ definition: KlaviyoConnection as never, properties: { 'API Key': key, 'API URL': klaviyo.url } });
