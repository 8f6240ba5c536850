/** Why a call of the portal's own API was refused, in the words of the Graph behind it. */
export interface RefusedCall {
  status: number;
  reason: string;
  code: string;
  message: string;
}

/** The HRESULT of every exception of .NET's that has none of its own. */
const hresult = -2146233088;

/** A refusal as the portal's own API sends it: a serialized exception. Command lines print it whole. */
export function presentClientException(
  { status, reason, code, message }: RefusedCall,
  correlationId: string,
): object {
  return {
    ClassName: 'Microsoft.Portal.Framework.Exceptions.ClientException',
    Message: `Graph call failed with httpCode=${reason}, errorCode=${code}, errorMessage=${message}, reason=${reason}, correlationId = ${correlationId}`,
    Data: {},
    HResult: hresult,
    XMsServerRequestId: null,
    Source: null,
    HttpStatusCode: status,
    ClientData: { errorCode: code, localizedErrorDetails: { errorDetail: message }, correlationId },
  };
}
