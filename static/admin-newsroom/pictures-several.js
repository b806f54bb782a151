// Several pictures: a row for each file that is chosen, dropped or pasted; each is sent by itself, and says its fate.
'use strict';
document.addEventListener('DOMContentLoaded', () => {
    const form = document.getElementById('pictures_form');
    const {draw, look, propose, listen, put, tokenOf} = window.newsroomPictures;
    const rows = form.querySelector('.picture-rows');
    const blank = form.querySelector('.picture-blank');
    const sum = form.querySelector('.picture-sum');
    const chooser = form.querySelector('#picture-files');
    const UNHEARD = 'The server did not answer. Is the network there, and are you still signed in? Then try again.';
    let made = 0;

    const fieldOf = (row, name) => row.querySelector(`[name="${row.dataset.prefix}-${name}"]`);

    const tell = (row, errors) => {
        for (const place of row.querySelectorAll('.picture-told')) {
            const sentences = errors[place.dataset.field] || [];
            if (place.dataset.field === 'file') {
                sentences.push(...(errors.__all__ || []));
            }
            place.replaceChildren(...sentences.map((text) => {
                const told = document.createElement('p');
                told.className = 'errornote';
                told.textContent = text;
                return told;
            }));
            fieldOf(row, place.dataset.field)?.setAttribute('aria-invalid', String(sentences.length > 0));
        }
    };

    const add = async (file) => {
        const holder = document.createElement('div');
        // Cloned, not written: the number is all that differs.
        holder.append(blank.content.cloneNode(true));
        const prefix = `script-${made++}`;
        for (const element of holder.querySelectorAll('[name], [id], [for], [data-prefix]')) {
            for (const name of ['name', 'id', 'for', 'data-prefix']) {
                if (element.hasAttribute(name)) {
                    element.setAttribute(name, element.getAttribute(name).replace('form-__prefix__', prefix));
                }
            }
        }
        const row = holder.firstElementChild;
        row.querySelector('.picture-name').textContent = file.name;
        row.classList.add('by-script');
        put(fieldOf(row, 'file'), file);
        rows.append(row);
        count();

        const remove = document.createElement('button');
        remove.type = 'button';
        remove.className = 'picture-remove';
        remove.textContent = 'Leave out';
        remove.setAttribute('aria-label', `Leave out ${file.name}`);
        remove.addEventListener('click', () => {
            row.remove();
            count();
            chooser.focus();
        });
        row.querySelector('.picture-row-file').append(remove);

        const {proposed, refused} = await look(form.dataset.look, form, file);
        // What the server refuses may be made to fill the browser's memory.
        const canvas = refused ? null : await draw(file, 320);
        if (canvas) {
            canvas.className = 'picture-thumbnail';
            row.querySelector('.picture-thumbnail').replaceWith(canvas);
        }
        propose(proposed, (name) => fieldOf(row, name));
        if (refused) {
            tell(row, {file: [refused]});
            row.classList.add('is-refused');
            count();
        }
    };

    // What can still be kept: the rest is, or was refused for good.
    const open = () => rows.querySelectorAll('.picture-row:not(.is-kept, .is-refused)');

    const count = () => {
        const [kept, refused] = ['is-kept', 'is-refused'].map((fate) => rows.getElementsByClassName(fate).length);
        const parts = [
            kept && `${kept} kept`, open().length && `${open().length} to keep`, refused && `${refused} refused`,
        ].filter(Boolean);
        sum.textContent = parts.length ? `${parts.join(', ')}.` : '';
    };

    const keep = (row) => new Promise((done) => {
        const answers = new FormData();
        answers.append('csrfmiddlewaretoken', tokenOf(form));
        answers.append('form-TOTAL_FORMS', '1');
        answers.append('form-INITIAL_FORMS', '0');
        answers.append('form-0-read_in', '1');
        for (const field of row.querySelectorAll('input[name], textarea[name]')) {
            const name = field.name.replace(row.dataset.prefix, 'form-0');
            if (field.type === 'file') {
                answers.append(name, field.files[0]);
            } else if (field.type !== 'checkbox' || field.checked) {
                answers.append(name, field.value);
            }
        }
        const progress = row.querySelector('progress');
        const request = new XMLHttpRequest();
        const fail = (errors) => {
            progress.hidden = true;
            tell(row, errors);
            done(false);
        };
        request.open('POST', form.action || location.href);
        request.setRequestHeader('Accept', 'application/json');
        request.upload.addEventListener('progress', (event) => {
            progress.value = event.lengthComputable ? event.loaded / event.total : 0;
        });
        request.addEventListener('error', () => fail({file: [UNHEARD]}));
        request.addEventListener('load', () => {
            let answer;
            try {
                answer = JSON.parse(request.responseText);
            } catch {
                const large = request.status === 413;
                fail({file: [large ? 'The server takes no file of this size.' : UNHEARD]});
                return;
            }
            if (answer.kept.length) {
                progress.hidden = true;
                showKept(row, answer.kept[0]);
                done(true);
            } else {
                fail(answer.errors[0] || {file: [UNHEARD]});
            }
        });
        progress.hidden = false;
        tell(row, {});
        request.send(answers);
    });

    const showKept = (row, told) => {
        const link = document.createElement('a');
        link.href = told.address;
        link.textContent = told.name;
        const line = document.createElement('p');
        line.className = 'picture-done';
        line.append('Kept: ', link);
        row.classList.add('is-kept');
        row.querySelector('.picture-row-words').replaceChildren(line);
        row.querySelector('.picture-file').remove();
        row.querySelector('.picture-remove').remove();
    };

    const take = (files) => Promise.all(files.map(add)).then(() => {
        const words = Array.from(open(), (row) => fieldOf(row, 'alt_text'));
        words.find((field) => !field.value)?.focus();
    });

    // One after another: the server is spared, and progress is seen.
    const keepAll = async () => {
        const button = form.querySelector('[type=submit]');
        button.disabled = true;
        for (const row of open()) {
            await keep(row);
            count();
        }
        button.disabled = false;
        rows.querySelector('[aria-invalid=true]')?.focus();
    };

    // The rows of the page without script make way for the ones that hold a file.
    for (const row of rows.querySelectorAll('.picture-row')) {
        row.remove();
    }
    form.querySelector('.picture-drop').hidden = false;
    chooser.addEventListener('change', () => {
        const files = Array.from(chooser.files);
        // The rows hold them from here; the same file may be chosen again.
        chooser.value = '';
        take(files);
    });
    listen(take);
    form.addEventListener('submit', (event) => {
        event.preventDefault();
        keepAll();
    });
    window.addEventListener('beforeunload', (event) => {
        if (open().length) {
            event.preventDefault();
        }
    });
});
