'use strict';
// A button beside each command that copies it. Without this the command can still be selected.
(function () {
  // Not through the clipboard's API: a page that was opened from a file may not use it everywhere.
  function copy(code) {
    const range = document.createRange();

    range.selectNodeContents(code);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    return document.execCommand('copy');
  }

  document.querySelectorAll('.command').forEach((command) => {
    const button = document.createElement('button');
    const code = command.querySelector('code');

    button.type = 'button';
    button.className = 'copy';
    button.textContent = 'Copy';
    button.addEventListener('click', () => {
      button.textContent = copy(code) ? 'Copied' : 'Selected';
      setTimeout(() => { button.textContent = 'Copy'; }, 1500);
    });
    command.append(button);
  });
})();
