import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { exitOnSignals } from '../cli/command-line/exit-on-signals.ts';
import { programOptions } from '../cli/command-line/program-options.ts';
import { synthesize } from '../local/template/synthesize.ts';
import { chargingSession } from './charging-session.ts';
import { bootstrap, deploy, run } from './deploy.ts';
import { emulatedStack } from './emulated-stack.ts';
import { CannotRehearse, type Emulator, pythonPrograms, startEmulator } from './emulator.ts';
import { localStack } from './local-stack.ts';
import { type Outcome, outcome } from './outcome.ts';
import type { RehearsedStack } from './rehearsed-stack.ts';
import { reliefEvent } from './relief-event.ts';
import { settled } from './settled.ts';

const usage = `Usage: npm run rehearse
Deploys both stages to an emulator of AWS and plays a session and a request for relief on the
deployed functions and the state machine. It has no options.`;

programOptions(usage, {});

const folder = join('.wattstream', 'rehearsal');
/**
 * When a session of the last three minutes began (ms since the epoch). It lies within one clock hour and does not begin with
 * it, so that two runs differ only in how far into their hour they were; close to a full hour that takes some minutes.
 */
const beginning = async (): Promise<number> => {
  for (;;) {
    const startedMinute = Math.floor(Date.now() / 60_000) - 3;
    if (startedMinute % 60 >= 1 && startedMinute % 60 <= 56) return startedMinute * 60_000;
    await setTimeout(5_000);
  }
};

/**
 * Plays a session of the last three minutes on a stack and waits until it has left what it should: what `wanted` says, or
 * what no longer changes. It is told as it ends, so that neither stack takes it for one that was told late.
 */
const played = async (stack: RehearsedStack, wanted?: Outcome): Promise<Outcome> => {
  const startedAt = await beginning();
  const answers = await chargingSession(stack, startedAt);
  const left = await settled(() => outcome(stack, answers, startedAt), {
    wanted,
    complete: ({ events }) => JSON.stringify(events).includes('SessionEnded'),
  });
  await stack.sweep();
  return left;
};

/** What a session left, and after it a request for relief. */
type Played = { readonly session: Outcome; readonly relief: Outcome };

const playedOn = async (starting: Promise<RehearsedStack>, wanted?: Played): Promise<Played> => {
  const stack = await starting;
  try {
    return { session: await played(stack, wanted?.session), relief: await reliefEvent(stack, wanted?.relief) };
  } finally {
    await stack.stop();
  }
};

/** The parts in which two outcomes differ, each as both have it. */
const differences = (local: Outcome, emulated: Outcome): string[] =>
  Object.keys(local)
    .filter((part) => !isDeepStrictEqual(local[part], emulated[part]))
    .map((part) => {
      const text = (value: unknown) => JSON.stringify(value, undefined, 1);
      return `${part} differ.\nIn the local runtime: ${text(local[part])}\nIn the emulator: ${text(emulated[part])}`;
    });

const counts = ({ session, relief }: Played): string =>
  Object.entries({ ...session, ...relief })
    .map(([part, all]) => `${Array.isArray(all) ? all.length : 0} ${part}`)
    .join(', ');

const lint = async (programs: string, templates: readonly string[]): Promise<string> => {
  // W: what CDK writes and a person would not. Regions: the one that is deployed to.
  const { status, output } = await run(join(programs, 'cfn-lint'), ['--ignore-checks', 'W', '--', ...templates], {
    PATH: process.env.PATH ?? '',
  });
  if (status !== 0) throw new Error(`cfn-lint finds:\n${output}`);
  return 'cfn-lint finds no error in the templates of dev and prod';
};

const rehearse = async (): Promise<void> => {
  exitOnSignals();
  const programs = pythonPrograms(folder);
  const emulator: Emulator = await startEmulator(programs, folder);
  try {
    await bootstrap(emulator, join(folder, 'cdk.out-bootstrap'));
    const templates: string[] = [];
    for (const stage of ['dev', 'prod'] as const) {
      const { template, leftOut, resources } = await deploy(emulator, stage, folder);
      templates.push(template);
      console.log(`${stage} was deployed with ${resources} resources; without what the emulator does not know:`);
      for (const left of leftOut) console.log(`  ${left}`);
    }
    console.log(await lint(programs, templates));
    const assembly = await synthesize(join(folder, 'local'), { windowStore: 'dynamodb' });
    const local = await playedOn(localStack(assembly));
    console.log(`A session and a request for relief in the local runtime left ${counts(local)}`);
    const deployed = await playedOn(emulatedStack(emulator), local);
    const differing = [...differences(local.session, deployed.session), ...differences(local.relief, deployed.relief)];
    for (const difference of differing) console.error(difference);
    if (differing.length > 0) throw new Error('The deployed bundles did not do what they do in the local runtime');
    console.log('The same through the deployed bundles and the state machine left the same');
  } finally {
    emulator.stop();
  }
};

try {
  await rehearse();
} catch (error) {
  if (error instanceof CannotRehearse) console.log(`The deployment was not rehearsed: ${error.message}`);
  else {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
process.exit();
