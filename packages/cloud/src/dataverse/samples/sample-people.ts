/** First and last names of the sample contacts and leads; combined by their place in the lists. */
export const firstNames = [
  'Yvonne',
  'Susanna',
  'Nancy',
  'Maria',
  'Sidney',
  'Scott',
  'Robert',
  'Rene',
  'Paul',
  'Jim',
  'Patrick',
  'Thomas',
  'Ingrid',
  'Łukasz',
  'Françoise',
  'Jürgen',
  'Sofia',
] as const;

export const lastNames = [
  'McKay',
  'Stubberod',
  'Anderson',
  'Campbell',
  'Higa',
  'Konersmann',
  'Lyon',
  'Valdes',
  'Cannon',
  'Glynn',
  'Sands',
  'Axen',
  'Nilsson',
  'Kowalski',
  'Dubois',
  "O'Brien",
  'Keller',
  'Rossi',
  'Fernández',
] as const;

export const jobTitles = [
  'Purchasing Manager',
  'Owner',
  'Chief Financial Officer',
  'Head of Operations',
  'IT Director',
  'Purchasing Assistant',
  'Sales Director',
] as const;

export const leadTopics = [
  'Interested in our newer offerings',
  'Very likely will order from us',
  'Needs 20 licences for a pilot',
  'Asked for a demonstration at the trade show',
  'Good prospect, wants references',
  'Some interest in our products',
  'Wants to replace an old system',
] as const;

export const dealTopics = [
  'Needs to restock their supply of product',
  '10 orders of Product SKU 202',
  'Framework agreement for two years',
  'Replacement of the field service system',
  'Very likely will order 5000 units this year',
  'Expansion to three further sites',
] as const;
