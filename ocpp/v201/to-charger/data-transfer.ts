export { dataTransfer } from '../../shared/to-charger/data-transfer.ts';
