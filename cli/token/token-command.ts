import { parseArgs } from 'node:util';
import { Problem } from '../command-line/problem.ts';
import type { LocalStack } from '../command-line/target.ts';

export const tokenUsage = `Usage: npm run -s token -- --name NAME --role viewer|operator|administrator [--expires SECONDS]
Prints a token of the stack that runs on this machine, for the header "authorization" of its GraphQL API.
  --expires   how long it is taken, 3600 when left out, at most 86400
Deployed stages take the tokens of the issuer named in lib/stages.ts.`;

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
  if (name === undefined || role === undefined) throw new Problem(tokenUsage);
  const { endpoints } = await stack();
  const wish = { name, role, ...(expires !== undefined && { expiresInSeconds: Number(expires) }) };
  const response = await fetch(`${endpoints.tokens}/token`, { method: 'POST', body: JSON.stringify(wish) });
  const { token, error } = Object(await response.json());
  if (typeof token !== 'string') throw new Problem(`${error}\n\n${tokenUsage}`);
  print(token);
};
