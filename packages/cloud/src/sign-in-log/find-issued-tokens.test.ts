import { expect, it } from 'vitest';
import { findIssuedTokens } from './find-issued-tokens.ts';

const found = (answer: { body?: string; location?: string }) =>
  findIssuedTokens({ body: answer.body ?? '', location: answer.location }).map(({ kind, signedPart }) => [
    kind,
    signedPart.toString(),
  ]);
const both = [
  ['access_token', 'a1.a2'],
  ['id_token', 'i1.i2'],
];

it.each([
  ['JSON', { body: '{"token_type":"Bearer","access_token":"a1.a2.a3","id_token":"i1.i2."}' }],
  ['a fragment', { location: 'https://app/cb#access_token=a1.a2.a3&id_token=i1.i2.i3&state=x' }],
  ['a query', { location: 'https://app/cb?id_token=i1.i2.i3&access_token=a1.a2.a3' }],
  [
    'a form',
    {
      body: '<input type="hidden" name="access_token" value="a1.a2.a3"><input type="hidden" name="id_token" value="i1.i2.i3">',
    },
  ],
])('finds the tokens in %s, and leaves their signatures', (_name, answer) => {
  expect(found(answer)).toEqual(both);
});

it.each([
  ['a refusal', { body: '{"error":"invalid_grant","error_description":"AADSTS70008: a.b.c"}' }],
  ['a code alone', { location: 'https://app/cb?code=1.abc.def' }],
  ['a broken token', { body: '{"access_token":"opaque"}' }],
  ['nothing', {}],
])('finds none in %s', (_name, answer) => {
  expect(found(answer)).toEqual([]);
});
