import { type Column, coordinate, text } from './column.ts';

const cityLength = 80;
const lineLength = 250;
const codeLength = 20;

/** The first address of a party: `address1_line1`, `address1_city`, … */
export function addressColumns(): Column[] {
  return [
    text('address1_line1', 'Address 1: Street 1', lineLength),
    text('address1_line2', 'Address 1: Street 2', lineLength),
    text('address1_postalcode', 'Address 1: ZIP/Postal Code', codeLength),
    text('address1_city', 'Address 1: City', cityLength),
    text('address1_stateorprovince', 'Address 1: State/Province', 50),
    text('address1_country', 'Address 1: Country/Region', cityLength),
    coordinate('address1_latitude', 'Address 1: Latitude'),
    coordinate('address1_longitude', 'Address 1: Longitude'),
  ];
}
