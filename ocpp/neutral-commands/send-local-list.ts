import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { idToken2x, instantAt, type NeutralCommand } from '../neutral-command.ts';
import { listAt, type Payload } from '../payload.ts';

/** A tag without a status is taken off the list (differential updates). */
const entry16 = (tag: Payload): Payload => {
  const { status, parentTag: parentIdTag } = tag;
  const idTagInfo =
    status === undefined
      ? undefined
      : { status, ...omitUndefined({ expiryDate: instantAt(tag, 'validTo'), parentIdTag }) };
  return { idTag: tag.tag, ...omitUndefined({ idTagInfo }) };
};

const entry2x = (tag: Payload): Payload => {
  const { status, parentTag, tagType } = tag;
  const groupIdToken = parentTag === undefined ? undefined : idToken2x(parentTag, 'Central');
  const idTokenInfo =
    status === undefined
      ? undefined
      : { status, ...omitUndefined({ cacheExpiryDateTime: instantAt(tag, 'validTo'), groupIdToken }) };
  return { idToken: idToken2x(tag.tag, tagType), ...omitUndefined({ idTokenInfo }) };
};

/** The list itself may be empty in OCPP 1.6 and must be left out then in 2.x: either way a full update empties the station's. */
const listOf = (args: Payload, entryOf: (tag: Payload) => Payload): readonly Payload[] | undefined => {
  const entries = listAt(args, 'tags').map(entryOf);
  return entries.length === 0 ? undefined : entries;
};

const updateOf = ({ update }: Payload): string => (update === 'differential' ? 'Differential' : 'Full');

export const sendLocalList: NeutralCommand = {
  name: 'sendLocalList',
  role: 'operator',
  feature: 'LocalAuthList',
  write: {
    '1.6': (args) => ({
      action: 'SendLocalList',
      payload: {
        listVersion: args.version,
        updateType: updateOf(args),
        ...omitUndefined({ localAuthorizationList: listOf(args, entry16) }),
      },
    }),
    '2.x': (args) => ({
      action: 'SendLocalList',
      payload: {
        versionNumber: args.version,
        updateType: updateOf(args),
        ...omitUndefined({ localAuthorizationList: listOf(args, entry2x) }),
      },
    }),
  },
};
