import { temporaryFolder } from '../cli/command-line/temporary-folder.ts';
import { startLocal } from '../local/stack/local-stack.ts';
import type { RehearsedStack } from './rehearsed-stack.ts';

/** The same stack in the local runtime. */
export const localStack = async (assembly: string): Promise<RehearsedStack> => {
  const stack = await startLocal({ assembly, folder: temporaryFolder('wattstream-rehearsal-') });
  Object.assign(process.env, stack.environment);
  const heard: Readonly<Record<string, unknown>>[] = [];
  stack.onEvent((_bus, event) => {
    if (event.source === 'wattstream') heard.push(event);
  });
  return {
    name: 'the local runtime',
    url: stack.endpoints.ocpp,
    output: (name) => String(stack.outputs[name]),
    events: async () => heard,
    sweep: async () => undefined,
    stop: async () => {
      await stack.stop();
      for (const name of Object.keys(stack.environment)) delete process.env[name];
    },
  };
};
