export { deleteCertificate } from '../../shared/to-charger/delete-certificate.ts';
