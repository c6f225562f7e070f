/** Parts of the network that are no place. */
export type NetworkSnapshot =
  | {
      readonly topic: 'fleet';
      /** vendor, model and firmware. */
      readonly name: string;
      readonly connectors: number;
      readonly faulted: number;
      readonly otherConnectors: number;
      readonly otherFaulted: number;
    }
  | {
      readonly topic: 'parked';
      readonly name: string;
      /** Records parked within the hold time, and the newest of them. */
      readonly records: number;
      readonly newestAt?: number;
      readonly reason?: string;
    }
  | {
      readonly topic: 'response';
      /** The demand-response event and the zone or site it asks. */
      readonly name: string;
      readonly askedW: number;
      readonly deliveredW: number;
      /** Present once stations have had their meter interval to show what they give. */
      readonly measuredSince?: number;
    };
