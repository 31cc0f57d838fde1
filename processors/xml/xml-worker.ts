import { parentPort } from 'node:worker_threads';
import { limitOutgoingInWorker } from '../../server/extension/outgoing.ts';
import type { XmlAnswer, XmlAnswers, XmlJob } from './xml-jobs.ts';

limitOutgoingInWorker();

/** Runs in a worker: an expression that computes for long holds up nobody, and one that never ends can be given up. */
async function work(job: XmlJob): Promise<XmlAnswers[keyof XmlAnswers]> {
  if (job.kind === 'xpath') return (await import('./xpath.ts')).evaluate(job);
  if (job.kind === 'xquery') return (await import('./xquery.ts')).evaluate(job);
  if (job.kind === 'xslt') return (await import('./xslt.ts')).transform(job);
  if (job.kind === 'xsd') return (await import('./xsd.ts')).validate(job);
  return job.language === 'xpath' ? (await import('./xpath.ts')).check(job.expressions) : (await import('./xquery.ts')).check(job.expressions);
}

async function answer(job: XmlJob): Promise<XmlAnswer> {
  try {
    return { value: await work(job) };
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return { error: /call stack/.test(message) ? 'its elements stand too deep inside each other' : message.replace(/\s+/g, ' ').trim() };
  }
}

parentPort!.on('message', async (job: XmlJob) => parentPort!.postMessage(await answer(job)));
