import { expect, it } from 'vitest';
import { tagReaders } from '../../lib/access.ts';
import { stages } from '../../lib/stages.ts';

it('names more IAM roles than AppSync takes in a variable before anything is deployed', () => {
  const { access } = stages.prod;
  const rolesOf = (count: number) =>
    Array.from({ length: count }, (_, index) => ({
      arn: `arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_ControlRoom${index}_0123456789abcdef/*`,
      role: 'operator' as const,
    }));
  expect(tagReaders({ ...access, iamRoles: rolesOf(5) }).TAG_READERS.length).toBeLessThanOrEqual(512);
  expect(() => tagReaders({ ...access, iamRoles: rolesOf(6) })).toThrow('512 at most: name fewer in lib/stages.ts');
});
