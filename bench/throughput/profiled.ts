import { Session } from 'node:inspector/promises';

/** Where processor time went, as parts of 1. */
export type Shares = Readonly<Record<'encoding' | 'sdk' | 'garbageCollection' | 'ours', number>>;

const shareOf = (functionName: string, url: string): keyof Shares => {
  if (functionName === '(garbage collector)') return 'garbageCollection';
  if (/zlib|util-dynamodb|lib-dynamodb/.test(url) || /aws\/dynamodb\/packed|connector-item|packed-rows/.test(url))
    return 'encoding';
  if (/@aws-sdk|@smithy|@aws-crypto/.test(url)) return 'sdk';
  return 'ours';
};

/**
 * Runs work under the profiler of V8, and tells which share of its time compressing and marshalling items, the SDK and garbage
 * collection took. What native code does counts where it is called from.
 */
export const profiled = async (work: () => Promise<void>): Promise<Shares> => {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: 200 });
  await session.post('Profiler.start');
  await work();
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const spent = { encoding: 0, sdk: 0, garbageCollection: 0, ours: 0 };
  for (const [index, id] of (profile.samples ?? []).entries()) {
    const frame = nodes.get(id)?.callFrame;
    if (frame === undefined || frame.functionName === '(idle)' || frame.functionName === '(program)') continue;
    spent[shareOf(frame.functionName, frame.url)] += profile.timeDeltas?.[index] ?? 0;
  }
  const all = Object.values(spent).reduce((sum, part) => sum + part, 0);
  const { encoding, sdk, garbageCollection, ours } = spent;
  return {
    encoding: encoding / all,
    sdk: sdk / all,
    garbageCollection: garbageCollection / all,
    ours: ours / all,
  };
};
