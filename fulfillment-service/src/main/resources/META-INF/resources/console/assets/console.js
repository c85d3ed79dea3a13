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
  // The list says itself which filter it can't understand.
  document.addEventListener('htmx:beforeSwap', (event) => {
    if (event.detail.xhr.status === 400 && event.detail.target.id === 'results') {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });

  document.addEventListener('htmx:sendError', () => notify('The service can’t be reached.'));

  // New and changed orders, while a list of them is open.
  let source = null;
  let address = null;

  const element = (html) => {
    const template = document.createElement('template');
    template.innerHTML = html.trim();
    return template.content.firstElementChild;
  };

  const place = (row) => {
    const rows = document.getElementById('rows');
    const there = document.getElementById(row.id);
    if (there && Number(there.dataset.version) >= Number(row.dataset.version)) {
      return;
    }
    row.classList.add('fresh');
    if (there) {
      const focused = there.contains(document.activeElement);
      there.replaceWith(row);
      if (focused) row.querySelector('a.open').focus();
      return;
    }
    const moment = (line) => line.querySelector('time')?.dateTime ?? '';
    const older = [...rows.children].find((line) => moment(line) <= moment(row));
    if (older) {
      rows.insertBefore(row, older);
    } else if (rows.children.length === 0) {
      rows.append(row);
    } // else it belongs further down than the list is loaded
    document.getElementById('nothing')?.remove();
  };

  const listen = () => {
    const wanted = document.getElementById('results')?.dataset.live ?? null;
    if (wanted === address && source?.readyState !== EventSource.CLOSED) {
      mark(source?.readyState === EventSource.OPEN);
      return;
    }
    source?.close();
    source = null;
    address = wanted;
    if (!wanted) return;
    let missed = false;
    source = new EventSource(wanted);
    source.addEventListener('row', (event) => place(element(event.data)));
    source.addEventListener('gone', (event) => document.getElementById(event.data)?.remove());
    source.addEventListener('open', () => {
      mark(true);
      // What changed while the connection was away is on the page that is asked for now.
      if (missed) document.getElementById('filters')?.requestSubmit();
      missed = false;
    });
    source.addEventListener('error', () => {
      mark(false);
      missed = true;
    });
  };

  const mark = (on) => {
    const sign = document.getElementById('live');
    if (sign) sign.hidden = !on;
  };

  document.addEventListener('htmx:afterSwap', listen);
  window.addEventListener('pagehide', () => source?.close());
  listen();

  // Keys: / finds, j and k (or the arrows) move over the rows; Enter then opens the link by itself.
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey
        || event.target.closest?.('input, select, textarea, [contenteditable]')) return;
    if (event.key === '/') {
      const find = document.querySelector('input[type=search]');
      if (find) {
        event.preventDefault();
        find.focus();
        find.select();
      }
      return;
    }
    const links = [...document.querySelectorAll('tbody a.open')];
    const at = links.indexOf(document.activeElement);
    const step = event.key === 'j' || (event.key === 'ArrowDown' && at >= 0) ? 1
      : event.key === 'k' || (event.key === 'ArrowUp' && at >= 0) ? -1 : 0;
    if (step && links.length) {
      event.preventDefault();
      const link = links[Math.max(0, Math.min(links.length - 1, at < 0 ? 0 : at + step))];
      link.focus({ preventScroll: true });
      link.closest('tr').scrollIntoView({ block: 'nearest' });
    }
  });

  // A question before what can't be taken back, from the element's data-confirm.
  document.addEventListener('submit', (event) => {
    const question = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
    if (question && !window.confirm(question)) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  }, true);
})();
