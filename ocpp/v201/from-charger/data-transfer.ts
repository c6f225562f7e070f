export { dataTransfer } from '../../shared/from-charger/data-transfer.ts';
