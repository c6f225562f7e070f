import { parseArgs } from 'node:util';
import { numberFlag } from '../command-line/number-flag.ts';
import { Problem } from '../command-line/problem.ts';
import type { LocalStack } from '../command-line/target.ts';

export const tokenUsage = `Usage: npm run -s token -- --name NAME --role viewer|operator|administrator [--expires SECONDS]
Prints a token of the stack that runs on this machine, for the header "authorization" of its GraphQL API.
  --expires   how long it is taken, 3600 when left out, at most 86400
Deployed stages take the tokens of the issuer named in lib/stages.ts.`;

const roles = ['viewer', 'operator', 'administrator'];
const MOST_SECONDS = 86_400;

export type TokenPorts = {
  readonly stack: () => Promise<Pick<LocalStack, 'endpoints'>>;
  readonly fetch: typeof fetch;
};

/** Has the local issuer make a token and prints it. Throws Problem for a wish it refuses. */
export const tokenCommand = async (
  argv: readonly string[],
  { stack, fetch }: TokenPorts,
  print: (line: string) => void,
): Promise<void> => {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      name: { type: 'string' },
      role: { type: 'string' },
      expires: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  const { name, role, expires } = values;
  if (values.help === true) return print(tokenUsage);
  if (name === undefined) throw new Problem(`--name is missing\n\n${tokenUsage}`);
  if (!roles.some((known) => known === role))
    throw new Problem(`--role is viewer, operator or administrator${role === undefined ? '' : `, not "${role}"`}`);
  const expiresInSeconds = numberFlag('expires', expires);
  if (expiresInSeconds !== undefined && !(expiresInSeconds >= 1 && expiresInSeconds <= MOST_SECONDS))
    throw new Problem(`--expires is a number of seconds from 1 to ${MOST_SECONDS}, not "${expires}"`);
  const { endpoints } = await stack();
  const wish = { name, role, ...(expiresInSeconds !== undefined && { expiresInSeconds }) };
  const response = await fetch(`${endpoints.tokens}/token`, { method: 'POST', body: JSON.stringify(wish) });
  const { token, error } = Object(await response.json());
  if (typeof token !== 'string') throw new Problem(`${error}\n\n${tokenUsage}`);
  print(token);
};
