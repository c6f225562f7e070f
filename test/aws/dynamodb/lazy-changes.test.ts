import { deflateRawSync } from 'node:zlib';
import { marshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, it } from 'vitest';
import { connectorFromItem, connectorItem } from '../../../aws/dynamodb/connector-item.ts';
import { itemChange } from '../../../aws/dynamodb/item-change.ts';
import { packed, unpacked } from '../../../aws/dynamodb/packed.ts';
import { tableChange } from '../../../aws/dynamodb/table-change.ts';
import { charging, connector, minute, noted } from '../../domain/alerts/fixtures.ts';

const imageOf = (item: object) =>
  Object.fromEntries(
    Object.entries(marshall(item, { removeUndefinedValues: true })).map(([name, value]) => [
      name,
      value.B === undefined ? value : { B: Buffer.from(value.B).toString('base64') },
    ]),
  );
const recordOf = (before: object, after: object) => ({
  eventSourceARN: 'arn:aws:dynamodb:local:000000000000:table/connectors/stream/x',
  dynamodb: { Keys: {}, OldImage: imageOf(before), NewImage: imageOf(after), SequenceNumber: '1' },
});
const read = itemChange({ connectors: 'connectors', stations: 'stations' });

describe('a change of a connector', () => {
  const failure = noted('CommandEnded', { action: 'Reset', state: 'Rejected' }, minute(0));
  const [before, after] = [charging(0), { ...charging(3), rev: 9, outbox: [failure] }];

  it('tells the item before and after, and the outbox of this write', () => {
    expect(read(tableChange(recordOf(connectorItem(before), connectorItem(after))))).toEqual({
      kind: 'connector',
      before: connectorFromItem(connectorItem(before)),
      after: connectorFromItem(connectorItem(after)),
      changes: [failure],
    });
  });

  it('carries no outbox a second time when the revision is the same', () => {
    expect(read(tableChange(recordOf(connectorItem(after), connectorItem(after))))).toMatchObject({ changes: [] });
  });

  it('is what the change before it told, where one came before', () => {
    const [first, second] = [charging(1), { ...charging(2), rev: 10, guard: 'later' }];
    const told = [
      recordOf(connectorItem(before), connectorItem(first)),
      recordOf(connectorItem(first), connectorItem(second)),
    ]
      .map((record) => read(tableChange(record)))
      .map((change) => (change?.kind === 'connector' ? change : undefined));
    expect(told[1]?.before).toBe(told[0]?.after);
    expect(told[0]?.before).toEqual(connectorFromItem(connectorItem(before)));
  });

  it('is read anew after a change that was not seen', () => {
    const [seen, missed, next] = [charging(1), { ...charging(2), rev: 20 }, { ...charging(3), rev: 21 }];
    read(tableChange(recordOf(connectorItem(before), connectorItem(seen))));
    const change = read(tableChange(recordOf(connectorItem(missed), connectorItem(next))));
    expect(change?.kind === 'connector' && change.before).toEqual(connectorFromItem(connectorItem(missed)));
  });

  it('is readable though what was before is not, for whoever does not ask', () => {
    const broken = { ...connectorItem(before), packed: Buffer.from('not packed') };
    const change = read(tableChange(recordOf(broken, connectorItem(after))));
    expect(change).toMatchObject({ changes: [failure] });
    expect(() => change?.kind === 'connector' && change.before).toThrow('cannot be read');
  });
});

describe('packed content', () => {
  it('comes back, larger than a buffer or a window, and as it was written with the largest window', () => {
    const large = {
      outbox: Array.from({ length: 2_000 }, (_, index) => ({ id: `${index * 7_919}`, type: 'SessionMeasured' })),
    };
    expect(unpacked(packed(large))).toEqual(large);
    const former = deflateRawSync(JSON.stringify({ recent: [], outbox: [] }), { level: 9, memLevel: 9 });
    expect(unpacked(former)).toEqual({ recent: [], outbox: [] });
  });

  it('has the same bytes for profiles that did not change', () => {
    const profiles = { rev: 1 } as never;
    const [one, other] = [
      connectorItem(connector({ profiles })),
      connectorItem({ ...connector({ profiles }), rev: 3 }),
    ];
    expect(other.profiles).toBe(one.profiles);
  });
});
