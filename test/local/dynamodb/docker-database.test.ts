import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../../cli/command-line/temporary-folder.ts';
import { soon } from '../../support/soon.ts';

/** What stands in for Docker: like its client it can pass on to a container whatever it is sent, but no kill. */
const docker = `#!/bin/sh
test "$1" = run || exit 0
trap 'touch "$PASSED_ON"; exit 0' TERM
while :; do sleep 0.1; done
`;
const noJava = '#!/bin/sh\nexit 1\n';

/** Starts a database and, as its argument says, ends by itself or waits to be ended. */
const program = `
  const { startDynamodb } = await import('./local/dynamodb/dynamodb-process.ts');
  await startDynamodb(0);
  setTimeout(() => console.log('started'), 500);
  setTimeout(() => process.argv[1] === 'exit' && process.exit(), 1000);
`;

it.each(['exit', 'SIGKILL'] as const)(
  'the container of a database ends with its process (%s)',
  async (end) => {
    const folder = temporaryFolder('docker-');
    for (const [name, content] of Object.entries({ docker, java: noJava })) {
      writeFileSync(join(folder, name), content);
      chmodSync(join(folder, name), 0o755);
    }
    const passedOn = join(folder, 'passed-on');
    const child = spawn(process.execPath, ['--input-type=module', '-e', program, end], {
      env: { ...process.env, PATH: `${folder}:${process.env.PATH}`, PASSED_ON: passedOn },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(createInterface({ input: child.stdout }), 'line');
    if (end === 'SIGKILL') child.kill(end);
    await expect.poll(() => existsSync(passedOn), soon).toBe(true);
  },
  60_000,
);
