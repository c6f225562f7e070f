import { describe, expect, it } from 'vitest';
import { callerRules, identifyCaller } from '../../../use-cases/fields/identify-caller.ts';

const identify = identifyCaller({
  roleClaim: 'groups',
  nameClaim: 'email',
  iamRoles: [
    { arn: 'arn:aws:sts::*:assumed-role/control-room/*', role: 'operator' },
    { arn: 'arn:aws:sts::*:assumed-role/*/root', role: 'administrator' },
  ],
});
const token = (claims: object) => ({ issuer: 'https://issuer.example', sub: '42', claims });

describe('who asks', () => {
  it.each([undefined, null])('is a viewer without a name where the API key was shown (%s)', (identity) => {
    expect(identify(identity)).toEqual({ by: 'api-key', role: 'viewer' });
  });

  it.each([
    ['operator', 'operator'],
    [['drivers', 'operator'], 'operator'],
    [['operator', 'administrator', 'viewer'], 'administrator'],
    [['root'], 'viewer'],
    ['operators', 'viewer'],
    [{ role: 'administrator' }, 'viewer'],
    [undefined, 'viewer'],
  ])('has the greatest role the claim %j names: %s', (groups, role) => {
    expect(identify(token({ groups })).role).toBe(role);
  });

  it('does not take a role from another claim', () => {
    expect(identify(token({ role: 'administrator' })).role).toBe('viewer');
  });

  it.each([
    [{ email: 'olga@example.com' }, 'olga@example.com'],
    [{}, '42'],
    [{ email: ' ' }, '42'],
    [{ email: 'wattstream' }, 'https://issuer.example#42'],
    [{ email: 'wattstream-team' }, 'wattstream-team'],
    [{ email: 'arn:aws:iam::1:root' }, 'https://issuer.example#42'],
    [{ email: 'Command line: root' }, 'https://issuer.example#42'],
    [{ email: 'demand response' }, 'https://issuer.example#42'],
    [{ email: 'openadr: utility' }, 'https://issuer.example#42'],
    [{ email: 'site depot' }, 'https://issuer.example#42'],
    [{ email: 'site:depot' }, 'https://issuer.example#42'],
    [{ email: 'sites@example.com' }, 'sites@example.com'],
  ])('is named by the claim, and never like somebody else: %j is %s', (claims, by) => {
    expect(identify(token(claims)).by).toBe(by);
  });

  it.each([
    ['arn:aws:sts::123456789012:assumed-role/control-room/olga', 'operator'],
    ['arn:aws:sts::123456789012:assumed-role/control-room/root', 'administrator'],
    ['arn:aws:sts::123456789012:assumed-role/control-room-2/olga', 'viewer'],
    ['arn:aws:iam::123456789012:user/control-room', 'viewer'],
    ['arn:aws:sts::1:federated-user:assumed-role/control-room/olga', 'viewer'],
    ['x-arn:aws:sts::123456789012:assumed-role/control-room/olga', 'viewer'],
  ])('has the greatest role of the patterns its ARN fits: %s is %s', (userArn, role) => {
    expect(identify({ userArn })).toEqual({ by: userArn, role });
  });

  it.each([{}, { userArn: '' }, { issuer: 'i', sub: '', claims: {} }, 'olga', '', false])(
    'is nobody known as %j',
    (identity) => {
      expect(() => identify(identity)).toThrow();
    },
  );
});

describe('the rules', () => {
  it('are read from text', () => {
    const rules = { roleClaim: 'role', nameClaim: 'sub', iamRoles: [{ arn: '*', role: 'viewer' }] };
    expect(callerRules(JSON.stringify(rules))).toEqual(rules);
  });

  it.each(['{}', '{"roleClaim":"role","nameClaim":"sub","iamRoles":[{"arn":"*","role":"root"}]}'])(
    'are refused where they are none: %s',
    (json) => {
      expect(() => callerRules(json)).toThrow();
    },
  );
});
