import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Access, callerRulesText, tagReaders } from '../../lib/access.ts';
import { resolverCode } from '../../local/appsync/resolver-code.ts';
import { localSystem } from '../../local/local-system.ts';
import { callerRules, identifyCaller } from '../../use-cases/fields/identify-caller.ts';
import { maySeeTags } from '../../use-cases/fields/without-tags.ts';

const access: Access = {
  roleClaim: 'groups',
  nameClaim: 'sub',
  iamRoles: [
    { arn: 'arn:aws:sts::*:assumed-role/control.room/*', role: 'operator' },
    { arn: 'arn:aws:iam::*:user/guest', role: 'viewer' },
  ],
};
const file = join(import.meta.dirname, '../../graphql/functions/hide-tags.js');
const shown = (field: string, source: object, identity: object | null, rules = access): unknown =>
  resolverCode('hide-tags', readFileSync(file, 'utf8'), () => undefined, localSystem).response({
    args: {},
    arguments: {},
    source,
    identity,
    request: { headers: {}, domainName: null },
    info: { fieldName: field },
    env: tagReaders(rules),
    stash: {},
    prev: { result: null },
  }).value;
const token = (groups: unknown) => ({ issuer: 'i', sub: 's', claims: { groups } });
const arn = (userArn: string) => ({ userArn });

describe('a tag', () => {
  it.each([
    [null],
    [token('viewer')],
    [token('operator')],
    [token(['drivers', 'administrator'])],
    [token(['operators'])],
    [token(undefined)],
    [arn('arn:aws:sts::1:assumed-role/control.room/olga')],
    [arn('arn:aws:sts::1:assumed-role/control-room/olga')],
    [arn('arn:aws:sts::1:assumed-role/control.room/olga:x')],
    [arn('arn:aws:iam::1:user/guest')],
  ])('is shown to %j if the functions behind the API would show it', (identity) => {
    const caller = identifyCaller(callerRules(callerRulesText(access)))(identity);
    expect(shown('tag', { tag: 'T1' }, identity)).toBe(maySeeTags(caller) ? 'T1' : null);
  });

  it('is hidden in the figures of an alert, which stay as they are otherwise', () => {
    const detail = JSON.stringify({ tag: 'T1', energyWh: 5 });
    expect(shown('detail', { detail }, token('viewer'))).toBe('{"tag":"(hidden)","energyWh":5}');
    expect(shown('detail', { detail: '{"energyWh":5}' }, null)).toBe('{"energyWh":5}');
    expect(shown('detail', { detail }, token('operator'))).toBe(detail);
  });

  it('is shown to no IAM identity where none has more than a viewer’s role', () => {
    expect(shown('tag', { tag: 'T1' }, arn('arn:aws:iam::1:user/guest'), { ...access, iamRoles: [] })).toBeNull();
  });
});
