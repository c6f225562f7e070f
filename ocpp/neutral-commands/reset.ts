import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { type NeutralCommand, without } from '../neutral-command.ts';

/** Soft: when nobody charges any more. Hard: at once. */
export const reset: NeutralCommand = {
  name: 'reset',
  role: 'operator',
  write: {
    '1.6': (args) => {
      without(args, ['evseId'], 'OCPP 1.6 resets the whole station');
      return { action: 'Reset', payload: { type: args.kind === 'hard' ? 'Hard' : 'Soft' } };
    },
    '2.x': ({ kind, evseId }) => ({
      action: 'Reset',
      payload: { type: kind === 'hard' ? 'Immediate' : 'OnIdle', ...omitUndefined({ evseId }) },
    }),
  },
};
