import { Fragment } from 'react';

/** A web address without its scheme, which may wrap after its dots and nowhere else. */
export function HostName({ address }: { address: string }) {
  const parts = address.replace(/^https?:\/\//, '').split('.');
  return parts.map((part, index) => (
    <Fragment key={index}>
      {index > 0 && (
        <>
          .<wbr />
        </>
      )}
      {part}
    </Fragment>
  ));
}
