import { describe, expect, it, vi } from 'vitest';
import { Rejected } from '../../domain/kernel/rejected.ts';
import { resolver } from '../../runtime/resolver.ts';
import { NotFound } from '../../use-cases/ports/field.ts';

const invoke = (field: string, args: Record<string, unknown> = {}) =>
  resolver({
    double: async ({ value }) => Number(value) * 2,
    refuse: async () => {
      throw new NotFound('It is not there');
    },
    ask: async () => {
      throw new Rejected('from must be before to');
    },
    break: async () => {
      throw new Error('Out of order');
    },
  })({ field, arguments: args }, { awsRequestId: '1' } as never);

describe('a resolver', () => {
  it('answers a field with its data', async () => {
    expect(await invoke('double', { value: 21 })).toEqual({ data: 42 });
  });

  it("tells the caller's mistake as data, so that it counts as no failure of the function", async () => {
    expect(await invoke('refuse')).toEqual({ error: { type: 'NotFound', message: 'It is not there' } });
  });

  it('calls any other mistake an invalid request', async () => {
    expect(await invoke('ask')).toEqual({ error: { type: 'InvalidRequest', message: 'from must be before to' } });
  });

  it.each(['break', 'unknown'])('fails loudly for anything else: %s', async (field) => {
    const written = vi.spyOn(console, 'error').mockImplementation(() => {});
    await expect(invoke(field)).rejects.toThrow();
    expect(written).toHaveBeenCalledOnce();
    written.mockRestore();
  });
});
