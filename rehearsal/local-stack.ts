import { temporaryFolder } from '../cli/command-line/temporary-folder.ts';
import { startLocal } from '../local/stack/local-stack.ts';
import { heardEvents } from './heard-events.ts';
import type { RehearsedStack } from './rehearsed-stack.ts';

/** The same stack in the local runtime. */
export const localStack = async (assembly: string): Promise<RehearsedStack> => {
  const stack = await startLocal({ assembly, folder: temporaryFolder('wattstream-rehearsal-') });
  Object.assign(process.env, stack.environment);
  const heard = heardEvents();
  stack.onEvent((_bus, event) => {
    if (event.source === 'wattstream') heard.hear(event);
  });
  return {
    name: 'the local runtime',
    url: stack.endpoints.ocpp,
    output: (name) => String(stack.outputs[name]),
    events: async () => heard.all(),
    sweep: async () => undefined,
    stop: async () => {
      await stack.stop();
      for (const name of Object.keys(stack.environment)) delete process.env[name];
    },
  };
};
