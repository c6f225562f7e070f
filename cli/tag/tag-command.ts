import { parseArgs } from 'node:util';
import type { Tag, TagList } from '../../use-cases/ports/tag-list.ts';
import { type Commands, commandAndSubject } from '../command-line/command-and-subject.ts';
import { Problem } from '../command-line/problem.ts';
import { checkTag } from './tag-entry.ts';

export const tagUsage = `Usage: npm run tag -- COMMAND [--stage dev|prod]
  add TAG [--status Accepted|Blocked|Expired|Invalid] [--expires 2027-01-31T00:00:00Z] [--parent TAG] [--max-sessions N]
  list [--json]
  remove TAG
Without --stage the stack that runs on this machine is meant. Tags are the same in upper and lower case.`;

/** Reads the flags of the tag command. Throws node's own error for one it does not know. */
export const tagFlags = (argv: readonly string[]) =>
  parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      stage: { type: 'string' },
      status: { type: 'string' },
      expires: { type: 'string' },
      parent: { type: 'string' },
      'max-sessions': { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });

const shown = ({ expiresAt, ...tag }: Tag) => ({
  ...tag,
  ...(expiresAt !== undefined && { expiresAt: new Date(expiresAt).toISOString() }),
});

const commands = {
  add: { flags: ['status', 'expires', 'parent', 'max-sessions'] },
  list: { flags: ['json'], alone: true },
  remove: { flags: [] },
} as const satisfies Commands;

/** Runs `tag add|list|remove` on a tag list. `add` replaces what the list says of the tag. */
export const tagCommand = async (
  argv: readonly string[],
  list: TagList,
  print: (line: string) => void,
): Promise<void> => {
  const line = tagFlags(argv);
  const { values: flags } = line;
  const [command, subject] = commandAndSubject(line, commands, tagUsage);
  if (command === 'list') {
    const tags = (await list.list()).map(shown);
    if (flags.json === true) return print(JSON.stringify(tags, null, 2));
    if (tags.length === 0) return print('The tag list is empty.');
    print(['TAG', 'STATUS', 'EXPIRES', 'PARENT', 'SESSIONS'].join('\t'));
    for (const { tag, status, expiresAt = '-', parentTag = '-', maxSessions = 1 } of tags)
      print([tag, status, expiresAt, parentTag, maxSessions].join('\t'));
    return;
  }
  if (subject === undefined) throw new Problem(`Which tag?\n\n${tagUsage}`);
  if (command === 'remove') {
    if (!(await list.remove(subject))) throw new Problem(`${subject} is not on the list.`);
    return print(`${subject}: removed.`);
  }
  const { status, expires: expiresAt, parent: parentTag, 'max-sessions': sessions } = flags;
  const tag = checkTag({ tag: subject, status, expiresAt, parentTag, maxSessions: sessions && Number(sessions) });
  await list.put(tag);
  print(`${subject}: ${tag.status}.`);
};
