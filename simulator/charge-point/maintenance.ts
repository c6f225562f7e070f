import type { Clock } from '../clock.ts';
import type { Random } from '../random.ts';
import type { CallRequest } from './dialect.ts';

/** How far a firmware update has come, in the words both versions share. */
export type FirmwareStatus =
  | 'Idle'
  | 'Downloading'
  | 'Downloaded'
  | 'DownloadFailed'
  | 'Installing'
  | 'InstallationFailed'
  | 'Installed';
/** How far the upload of a log has come. */
export type LogStatus = 'Idle' | 'Uploading' | 'Uploaded' | 'UploadFailure';

/** A firmware update that was ordered. */
export type FirmwareOrder = {
  readonly location: string;
  /** Not before, ms since the epoch. */
  readonly retrieveAt: number;
  readonly installAt?: number | undefined;
  readonly told: (status: FirmwareStatus) => CallRequest;
};

/** A log that was asked for. */
export type LogOrder = { readonly location: string; readonly told: (status: LogStatus) => CallRequest };

export type Maintenance = {
  /** 'AcceptedCanceled': an update that was going on is given up for it. */
  readonly updateFirmware: (order: FirmwareOrder) => 'Accepted' | 'AcceptedCanceled';
  readonly uploadLog: (order: LogOrder) => {
    readonly status: 'Accepted' | 'AcceptedCanceled';
    readonly filename: string;
  };
  /** What the last order has come to. */
  readonly firmwareStatus: () => FirmwareStatus;
  readonly logStatus: () => LogStatus;
};

export type MaintenanceOptions = {
  readonly stationId: string;
  readonly clock: Pick<Clock, 'now' | 'after'>;
  readonly chance: Random;
  readonly tell: (request: CallRequest) => void;
  /** The new firmware is there: the station starts again with it. */
  readonly installed: (version: string) => void;
};

const second = 1000;

const isReachable = (location: string): boolean => /^(https?|ftps?|sftp):\/\/[^/\s]+\/.*/i.test(location);

/** The version in the name of a firmware file: the last run of digits and dots; the whole name where there is none. */
const versionOf = (location: string): string => {
  const name = location.split(/[/?#]/).findLast((part) => part !== '') ?? location;
  return name.match(/\d+(?:\.\d+)*/g)?.at(-1) ?? name.slice(0, 50);
};

/** The firmware updates and log uploads of one station: each takes its time and tells how far it has come. */
export const maintenance = ({ stationId, clock, chance, tell, installed }: MaintenanceOptions): Maintenance => {
  let firmware: FirmwareStatus = 'Idle';
  let log: LogStatus = 'Idle';
  let cancelUpdate: (() => void) | undefined;
  let cancelUpload: (() => void) | undefined;

  const updateFirmware = ({ location, retrieveAt, installAt, told }: FirmwareOrder) => {
    const status = cancelUpdate ? ('AcceptedCanceled' as const) : ('Accepted' as const);
    cancelUpdate?.();
    const reach = (next: FirmwareStatus) => {
      firmware = next;
      tell(told(next));
    };
    const then = (delayMs: number, run: () => void) => {
      cancelUpdate = clock.after(delayMs, run);
    };
    const end = (last: FirmwareStatus) => {
      cancelUpdate = undefined;
      reach(last);
    };
    const install = () => {
      reach('Installing');
      then(chance.between(5, 15) * second, () => {
        end('Installed');
        installed(versionOf(location));
      });
    };
    then(Math.max(second, retrieveAt - clock.now()), () => {
      reach('Downloading');
      then(chance.between(3, 10) * second, () => {
        if (!isReachable(location)) return end('DownloadFailed');
        reach('Downloaded');
        then(Math.max(second, (installAt ?? 0) - clock.now()), install);
      });
    });
    return status;
  };

  const uploadLog = ({ location, told }: LogOrder) => {
    const status = cancelUpload ? ('AcceptedCanceled' as const) : ('Accepted' as const);
    cancelUpload?.();
    const reach = (next: LogStatus) => {
      log = next;
      tell(told(next));
    };
    cancelUpload = clock.after(second, () => {
      reach('Uploading');
      cancelUpload = clock.after(chance.between(2, 8) * second, () => {
        cancelUpload = undefined;
        reach(isReachable(location) ? 'Uploaded' : 'UploadFailure');
      });
    });
    return { status, filename: `${stationId}-${new Date(clock.now()).toISOString().slice(0, 10)}.zip` };
  };
  return { updateFirmware, uploadLog, firmwareStatus: () => firmware, logStatus: () => log };
};
