// A file whose name changes with its content is never asked for again. Errors are not: a browser would keep them too.
function handler(event) {
  const response = event.response;
  if (response.statusCode === 200) {
    response.headers['cache-control'] = { value: 'public, max-age=31536000, immutable' };
  }
  return response;
}
