import { describe, expect, it, vi } from 'vitest';
import { Rejected } from '../../domain/kernel/rejected.ts';
import { resolver } from '../../runtime/resolver.ts';

class NotThere extends Rejected {
  override readonly name = 'NotThere';
}

const invoke = (field: string, args: Record<string, unknown> = {}) =>
  resolver({
    double: async ({ value }) => Number(value) * 2,
    refuse: async () => {
      throw new NotThere('It is not there');
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
    expect(await invoke('refuse')).toEqual({ error: { type: 'NotThere', message: 'It is not there' } });
  });

  it('calls a mistake without a name of its own an invalid request', async () => {
    expect(await invoke('ask')).toEqual({ error: { type: 'InvalidRequest', message: 'from must be before to' } });
  });

  it.each(['break', 'unknown'])('fails loudly for anything else: %s', async (field) => {
    const written = vi.spyOn(console, 'error').mockImplementation(() => {});
    await expect(invoke(field)).rejects.toThrow();
    expect(written).toHaveBeenCalledOnce();
    written.mockRestore();
  });
});
