import { describe, expect, it, vi } from 'vitest';
import { Rejected } from '../../domain/kernel/rejected.ts';
import { resolver } from '../../runtime/resolver.ts';
import { Conflict, NotFound } from '../../use-cases/ports/field.ts';
import { CommandRefused } from '../../use-cases/send-command/command-refused.ts';

const invoke = (field: string, args: Record<string, unknown> = {}) =>
  resolver(
    {
      whoAsks: async (_args, caller) => caller,
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
      command: async () => {
        throw new Conflict('The queue is full', { cause: new CommandRefused('QueueFull', 'full') });
      },
    },
    (identity) => ({ by: String(identity), role: 'viewer' }),
  )({ field, arguments: args, identity: 'vera' }, { awsRequestId: '1' } as never);

describe('a resolver', () => {
  it('answers a field with its data', async () => {
    expect(await invoke('double', { value: 21 })).toEqual({ data: 42 });
  });

  it("tells the caller's mistake as data, so that it counts as no failure of the function", async () => {
    expect(await invoke('refuse')).toEqual({
      error: { type: 'NotFound', message: 'It is not there', code: 'NotFound' },
    });
  });

  it('calls any other mistake an invalid request', async () => {
    expect(await invoke('ask')).toEqual({
      error: { type: 'InvalidRequest', message: 'from must be before to', code: 'InvalidRequest' },
    });
  });

  it('tells a field who asks', async () => {
    expect(await invoke('whoAsks')).toEqual({ data: { by: 'vera', role: 'viewer' } });
  });

  it('passes the code of what was behind an error', async () => {
    expect(await invoke('command')).toEqual({
      error: { type: 'Conflict', message: 'The queue is full', code: 'QueueFull' },
    });
  });

  it.each(['break', 'unknown'])('fails loudly for anything else: %s', async (field) => {
    const written = vi.spyOn(console, 'error').mockImplementation(() => {});
    await expect(invoke(field)).rejects.toThrow();
    expect(written).toHaveBeenCalledOnce();
    written.mockRestore();
  });
});
