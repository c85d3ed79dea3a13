// The console's own script: what htmx doesn't do. It makes pages quicker to use; each works without it.
'use strict';
(() => {
  const notices = document.getElementById('notices');

  const notify = (text) => {
    const notice = document.createElement('p');
    notice.className = 'notice bad';
    notice.textContent = text;
    notices.replaceChildren(notice);
    window.setTimeout(() => notice.remove(), 8000);
  };

  document.addEventListener('htmx:responseError', (event) => {
    const status = event.detail.xhr.status;
    notify(status === 403 ? 'That is not allowed. If your role should do, reload the page.'
      : status === 503 ? 'The orders can’t be reached right now.'
      : 'That didn’t work (' + status + ').');
  });
  document.addEventListener('htmx:sendError', () => notify('The service can’t be reached.'));

  // A question before what can't be taken back, from the element's data-confirm.
  document.addEventListener('submit', (event) => {
    const question = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
    if (question && !window.confirm(question)) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  }, true);
})();
