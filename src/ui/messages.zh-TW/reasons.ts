import type { reasons as english, Form } from '../messages.en/reasons.ts'

/** What an app says of itself when it registers (RFC 7591), and what is wrong with it. */
const metadata: Readonly<Record<string, string>> = {
  'control, direction and invisible characters are not allowed':
    '不可含控制字元、改變文字方向的字元或看不見的字元',
  'has nothing in it that can be seen': '沒有任何看得見的字元',
  'has characters that no scope has': '含有權限範圍不可使用的字元',
  'has to be an https URL (http on a loopback address only)': '必須是 https 網址（http 僅限本機位址）',
  'a fragment is not allowed': '不可含「#」之後的片段',
  'a wildcard is not allowed': '不可使用萬用字元',
  'user information is not allowed': '不可含帳號密碼',
  'too long': '過長',
  'not acceptable': '無法接受',
  'not an absolute URI': '不是完整的網址',
  'not in normal form': '不是標準寫法',
  'http is for loopback addresses only': 'http 僅限本機位址',
  'this scheme is not allowed': '不可使用這種網址開頭',
  'names no scope that is known here': '沒有本站認得的權限範圍',
  'one is needed at least': '至少需要一個',
  'are of use with authorization_code only': '僅適用於 authorization_code',
  'has to include authorization_code or client_credentials':
    '必須包含 authorization_code 或 client_credentials',
  'refresh_token needs authorization_code': 'refresh_token 須搭配 authorization_code',
  "has to be ['code'] with authorization_code": "搭配 authorization_code 時必須是 ['code']",
  'has to be empty without authorization_code': '沒有 authorization_code 時必須留空',
  'and jwks_uri exclude one another': '與 jwks_uri 只能擇一',
  'or jwks_uri is needed for signed request objects': '使用簽章的請求物件時，jwks 或 jwks_uri 必填其一',
  'or jwks_uri is needed with private_key_jwt': '使用 private_key_jwt 時，jwks 或 jwks_uri 必填其一',
  'client_credentials needs an app that authenticates': 'client_credentials 僅限能驗證身分的應用程式',
  'is needed with client_credentials: it is what the app may be granted':
    '使用 client_credentials 時必填，這就是應用程式可取得的權限',
  'has to name a system/ scope with client_credentials: others need a user':
    '使用 client_credentials 時必須包含 system/ 權限，其他權限都需要使用者',
  'token exchange needs an app that authenticates': '權杖交換僅限能驗證身分的應用程式',
  'system/ scopes need private_key_jwt': 'system/ 權限須搭配 private_key_jwt',
  'system/ scopes need client_credentials': 'system/ 權限須搭配 client_credentials',
}

const keys: Readonly<Record<string, string>> = {
  'every key has to have a kid of its own': '每把金鑰都必須有各自的 kid',
  'a private key: send the public key only': '這是私密金鑰，請只提供公開金鑰',
  'is not JSON': '不是 JSON 格式',
  'has no kid': '缺少 kid',
  'is not for signatures (use)': '不是簽章用的金鑰（use）',
  'of a kind that is not known here: RSA, EC (P-256, P-384, P-521) or OKP (Ed25519) is expected':
    '不支援這種金鑰，請使用 RSA、EC（P-256、P-384、P-521）或 OKP（Ed25519）',
  'an RSA key has to have 2048 bits': 'RSA 金鑰至少須 2048 位元',
  'is not a whole public key': '不是完整的公開金鑰',
}

/** What is wrong with a Client ID Metadata Document, or with its address. */
const documents: Readonly<Record<string, string>> = {
  'has to be the address of the document': '必須是文件本身的網址',
  'a document has no secrets': '文件中不可有密鑰',
  'has to be none or private_key_jwt': '必須是 none 或 private_key_jwt',
  'client_credentials needs a registration': 'client_credentials 須先註冊',
  'has rights on this server, which need a registration': '含有本系統的管理權限，須先註冊',
  'an https address has to be of the same origin as the document': 'https 網址必須與文件同源',
  'not a URL': '不是網址',
  'not an https URL': '不是 https 網址',
  'a path is needed': '網址必須有路徑',
  'cannot be reached': '目前無法取得',
  'may not be asked for': '不允許存取',
  'is at an address that may not be asked': '所在位址不允許存取',
  'answers with a redirect': '回應為重新導向',
  'is too large': '過大',
  'is not text': '不是文字',
  'is not application/json': '不是 application/json',
  'is not a JSON object': '不是 JSON 物件',
}

/** What failure pages tell of requests. */
const requests: Readonly<Record<string, string>> = {
  'There is nothing at this address.': '這個網址沒有任何內容。',
  'The server met an unexpected condition.': '伺服器發生未預期的狀況。',
  'The parameter client_id is missing.': '缺少參數 client_id。',
  'The parameter client_id names no app that is registered here.': '參數 client_id 不是在此註冊的應用程式。',
  'The app that client_id names waits for the approval of an administrator.':
    '這個應用程式正在等待系統管理員核准。',
  'The parameter redirect_uri is missing.': '缺少參數 redirect_uri。',
  'The parameter redirect_uri is not one that this app registered.':
    '參數 redirect_uri 不是這個應用程式註冊的網址。',
  'The parameter request_uri is unknown, expired, used, or was pushed by another app.':
    '參數 request_uri 無效、已過期、已使用過，或屬於其他應用程式。',
  'This request is over or was never made. Start again from the app.':
    '這次授權已結束或不存在，請從應用程式重新開始。',
  'This request belongs to another session.': '這次授權屬於另一次登入。',
  'This page is no longer current. Start again from the app.': '此頁面已失效，請從應用程式重新開始。',
  'The form was not sent from our page, or cookies are off.':
    '此表單不是由本站頁面送出，或瀏覽器未啟用 Cookie。',
  'That choice is not on offer.': '沒有這個選項。',
  'There is no such identity provider.': '沒有這個登入服務。',
  'The parameter client_id is not the app of the id_token_hint.':
    '參數 client_id 與 id_token_hint 的應用程式不符。',
  'The parameter post_logout_redirect_uri is not one that the app registered.':
    '參數 post_logout_redirect_uri 不是這個應用程式註冊的網址。',
  'The parameter state is longer than 16 kB.': '參數 state 超過 16 kB。',
  'A parameter was sent more than once.': '有參數重複送出。',
  'A parameter has a malformed percent-encoding.': '有參數的百分號編碼不正確。',
  'The body is larger than this address takes.': '送出的內容超過上限。',
  'The body has to be application/x-www-form-urlencoded.':
    '內容必須是 application/x-www-form-urlencoded 格式。',
  'The body is not as long as Content-Length says.': '內容長度與 Content-Length 不符。',
  'Content-Type is not a media type.': 'Content-Type 的格式不正確。',
  'The address has a malformed percent-encoding.': '網址的百分號編碼不正確。',
  'The address has a fragment (#), which no request may send: leave it out, or write %23.':
    '網址含有「#」之後的片段，請移除，或改寫成 %23。',
  'Of the header Expect only 100-continue is understood.': '標頭 Expect 僅支援 100-continue。',
  'The request cannot be read.': '無法讀取此請求。',
  'A part of the address is too long.': '網址中有一段過長。',
  'The connection ended before the body was complete.': '內容尚未送完，連線就中斷了。',
  'locale must be a language of these pages: en or zh-TW.': 'locale 必須是本站的語言：en 或 zh-TW。',
  'The body is not UTF-8 text.': '內容不是 UTF-8 文字。',
  'Too many apps wait for approval. Try again later.': '等待核准的應用程式過多，請稍後再試。',
}

const kinds: Readonly<Record<string, string>> = {
  string: '文字',
  array: '清單',
  object: '物件',
  record: '物件',
  boolean: '是非值（true、false）',
  number: '數字',
}

const forms: readonly Form[] = [
  [/^Too big: expected string to have <=(\d+) characters$/, ([most]) => `最多 ${most} 個字元`],
  [/^Too small: expected string to have >=(\d+) characters$/, ([least]) => `至少須有 ${least} 個字元`],
  [/^Too big: expected array to have <=(\d+) items$/, ([most]) => `最多 ${most} 項`],
  [/^Too small: expected array to have >=(\d+) items$/, ([least]) => `至少須有 ${least} 項`],
  [
    /^Invalid option: expected one of (.+)$/,
    ([options]) => `必須是下列之一：${options?.replaceAll('|', '、')}`,
  ],
  [
    /^Invalid input: expected (\w+), received (?:\w+)$/,
    ([kind = '']) => `必須是${kinds[kind] ?? ` ${kind}`}`,
  ],
  [/^Invalid input: expected (.+)$/, ([value]) => `必須是 ${value}`],
  [/^at most (\d+) records$/, ([most]) => `最多 ${most} 筆紀錄`],
  [
    /^(.*) is not a reference such as Patient\/123 or Practitioner\/456$/,
    ([reference]) => `「${reference}」不是 Patient/123 或 Practitioner/456 這樣的參照`,
  ],
  [/^a part of it is no scope that is known here$/, () => '其中一部分不是本站認得的權限範圍'],
  [/^(\S+) is no scope that is known here$/, ([scope]) => `「${scope}」不是本站認得的權限範圍`],
  [/^longer than (\d+) characters$/, ([most]) => `超過 ${most} 個字元`],
  [/^The parameter (\w+) was sent more than once\.$/, ([name]) => `參數 ${name} 重複送出。`],
  [/^More than (\d+) parameters were sent\.$/, ([most]) => `送出的參數超過 ${most} 個。`],
  [/^This address answers (.+)\.$/, ([methods]) => `這個網址僅接受 ${methods}。`],
  [/^Too many requests: try again in (\d+) s\.$/, ([seconds]) => `請求次數過多，請於 ${seconds} 秒後再試。`],
  [
    /^The parameter client_id is an address: (.+)\.$/,
    ([problem = ''], tell) => `參數 client_id 的網址有誤：${tell(problem)}。`,
  ],
  [
    /^The document at the address in client_id has a member that is not acceptable: ([\w.]+): (.+)\.$/,
    ([member, problem = ''], tell) => `client_id 所指文件的 ${member} 有誤：${tell(problem)}。`,
  ],
  [
    /^The document at the address in client_id answers with status (\d+)(?:, not 200)?\.$/,
    ([status]) => `client_id 所指的文件無法取得（狀態碼 ${status}）。`,
  ],
  [
    /^The document at the address in client_id (.+)\.$/,
    ([problem = ''], tell) => `client_id 所指的文件有誤：${tell(problem)}。`,
  ],
]

/** The sentences of refusals that pages show, by their English words. */
export const reasons = {
  texts: { ...metadata, ...keys, ...documents, ...requests },
  forms,
} satisfies typeof english
