import type { CommandRecord } from '../../../domain/commands/command.ts';
import type { MailboxState } from '../../../domain/commands/mailbox-state.ts';
import type { Envelope } from '../../../ocpp/frames/envelope.ts';

/** One change of table commands. */
export type CommandsChange =
  | {
      readonly kind: 'mailbox';
      readonly stationId: string;
      readonly before: MailboxState | undefined;
      readonly after: MailboxState;
    }
  | {
      readonly kind: 'record';
      readonly stationId: string;
      readonly before: CommandRecord | undefined;
      readonly after: CommandRecord;
    }
  | {
      /** An envelope that the stream did not take. */
      readonly kind: 'held';
      readonly stationId: string;
      readonly envelope: Envelope;
    };
