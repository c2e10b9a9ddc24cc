// A folder is shown by its index.html. Without its last slash it is redirected to, since the page's relative links would
// lead elsewhere. What names a file, has it an extension or stands it in /.well-known/, is asked for as it is.
function handler(event) {
  const request = event.request;
  const uri = request.uri;
  if (uri.endsWith('/')) {
    request.uri = uri + 'index.html';
    return request;
  }
  const lastSegment = uri.slice(uri.lastIndexOf('/') + 1);
  const namesFile = lastSegment.includes('.') || uri.startsWith('/.well-known/');
  if (namesFile || !leadsToThisSite(uri)) {
    return request;
  }
  return {
    statusCode: 301,
    statusDescription: 'Moved Permanently',
    headers: { location: { value: uri + '/' + queryOf(request.querystring) } },
  };
}

// '//other.example' in a Location header is another site. So is '/\other.example' to browsers, and no character but those
// of a path (https://www.rfc-editor.org/rfc/rfc3986#section-3.3) gets into the header.
function leadsToThisSite(uri) {
  return /^\/(?!\/)[A-Za-z0-9\-._~!$&'()*+,;=:@%\/]*$/.test(uri);
}

// The query as it came: its parts are encoded as the browser sent them. What may not be in a query is encoded here.
function queryOf(querystring) {
  const parts = [];
  for (const name in querystring) {
    const values = querystring[name].multiValue || [querystring[name]];
    values.forEach((one) => parts.push(one.value === '' ? name : name + '=' + one.value));
  }
  const query = parts.join('&').replace(/[^A-Za-z0-9\-._~!$&'()*+,;=:@%\/?]+/g, encodeURIComponent);
  return query === '' ? '' : '?' + query;
}
