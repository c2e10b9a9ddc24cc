// A path that names no file is a page of the app, whose one document finds out which. What names a file, has it an
// extension or stands it in /.well-known/, is asked for as it is: a missing one is a 404 then, not the app.
function handler(event) {
  const request = event.request;
  const uri = request.uri;
  const lastSegment = uri.slice(uri.lastIndexOf('/') + 1);
  const namesFile = lastSegment.includes('.') || uri.startsWith('/.well-known/');
  if (!namesFile) {
    request.uri = '/index.html';
  }
  return request;
}
