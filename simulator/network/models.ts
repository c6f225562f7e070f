/** A charger model of the demo network. Vendors and names are invented; ratings are those of the common classes. */
export type Model = {
  readonly vendor: string;
  readonly model: string;
  readonly firmware: readonly [string, ...string[]];
  /** One entry per connector. DC connectors deliver direct current and know the car's state of charge. */
  readonly connectors: readonly ModelConnector[];
};
export type ModelConnector = { readonly connectorType: string; readonly ratedW: number };

const ccs = (kilowatt: number): ModelConnector => ({ connectorType: 'CCS', ratedW: kilowatt * 1000 });
const chademo = (kilowatt: number): ModelConnector => ({ connectorType: 'CHAdeMO', ratedW: kilowatt * 1000 });
const type2 = (kilowatt: number): ModelConnector => ({ connectorType: 'Type2', ratedW: kilowatt * 1000 });

export const models: Readonly<Record<string, Model>> = {
  'HPC 350': {
    vendor: 'Voltara',
    model: 'HPC 350',
    firmware: ['4.2.1', '4.2.1', '4.3.0'],
    connectors: [ccs(350), ccs(350)],
  },
  'HPC 150': {
    vendor: 'Voltara',
    model: 'HPC 150',
    firmware: ['3.9.7', '4.2.1'],
    connectors: [ccs(150), chademo(100)],
  },
  'Trio 50': {
    vendor: 'Nordlade',
    model: 'Trio 50',
    firmware: ['2.14.3', '2.14.3', '2.12.0'],
    connectors: [ccs(50), chademo(50), type2(43)],
  },
  'Depot 120': {
    vendor: 'Nordlade',
    model: 'Depot 120',
    firmware: ['1.8.2'],
    connectors: [ccs(120), ccs(120)],
  },
  'Duo 22': {
    vendor: 'Kerbside',
    model: 'Duo 22',
    firmware: ['R7.1', 'R7.1', 'R6.4'],
    connectors: [type2(22), type2(22)],
  },
  'Duo 11': { vendor: 'Kerbside', model: 'Duo 11', firmware: ['R7.1'], connectors: [type2(11), type2(11)] },
  'Mono 7': { vendor: 'Homely', model: 'Mono 7', firmware: ['0.93', '0.95'], connectors: [type2(7.4)] },
};

/** AC connectors leave the rectifying to the car: they know neither its battery nor its state of charge. */
export const isAlternating = (connectorType: string): boolean => connectorType.startsWith('Type');
