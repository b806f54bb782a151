// Previews at the desk: the page beside the text as it stands in the form, and the links for outsiders.
'use strict';
document.addEventListener('DOMContentLoaded', () => {
    const REST = 1000;
    const { exchange } = window.newsroomPanels;

    // The page beside the text ---------------------------------------------------------------------------------------

    const panel = document.getElementById('preview-panel');
    const columns = document.querySelector('.desk-columns');
    const make = (name, values = {}) => Object.assign(document.createElement(name), values);

    const preview = () => {
        const form = columns.closest('form');
        const button = document.querySelector('.preview-switch');
        const holder = panel.querySelector('.preview-frame');
        const told = panel.querySelector('.preview-told');
        const token = form.elements.csrfmiddlewaretoken;
        let shown = null;
        let number = 0;
        let waiting = 0;
        let isAsking = false;
        let isBehind = false;
        let width = 375;
        let colours = document.documentElement.dataset.theme;
        if (!['light', 'dark'].includes(colours)) {
            colours = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
        }

        // A whole page of that width, made smaller where there is less room.
        const fit = (frame) => {
            const room = holder.clientWidth;
            const scale = Math.min(1, room / width);
            frame.style.width = `${width}px`;
            frame.style.height = `${holder.clientHeight / scale}px`;
            frame.style.left = `${(room - width * scale) / 2}px`;
            frame.style.transform = `scale(${scale})`;
        };

        // The page's own switch: what the browser says of its user's colours cannot be set for a frame everywhere.
        const colour = (frame) => { frame.contentDocument.documentElement.dataset.theme = colours; };

        const press = (name, value) => {
            for (const each of panel.querySelectorAll(`[data-${name}]`)) {
                each.setAttribute('aria-pressed', String(each.dataset[name] === String(value)));
            }
        };

        const seal = async () => {
            const answer = await fetch(panel.dataset.draft, { method: 'POST', body: new FormData(form) });
            if (!answer.ok || answer.redirected) {
                throw new Error(answer.redirected ? 'You are signed out.' : 'The desk did not answer.');
            }
            return (await answer.json()).draft;
        };

        const send = (draft, target) => {
            const values = { csrfmiddlewaretoken: token.value, draft };
            const letter = make('form', { method: 'post', action: panel.dataset.page, target, hidden: true });
            letter.append(...Object.entries(values).map(([name, value]) => make('input', { type: 'hidden', name, value })));
            document.body.append(letter);
            letter.submit();
            letter.remove();
        };

        const quieten = (page) => {
            page.addEventListener('click', (event) => {
                const link = event.target.closest('a[href]');
                if (link && !link.getAttribute('href').startsWith('#')) {
                    event.preventDefault();
                }
            }, true);
            page.addEventListener('submit', (event) => event.preventDefault(), true);
            page.addEventListener('keydown', onKey);
        };

        // A frame of its own for each: nothing flickers, and the browser's way back stays as it is.
        const show = (draft) => new Promise((done, failed) => {
            const frame = make('iframe', { name: `preview-${++number}`, title: 'Preview of the story', className: 'arriving' });
            holder.append(frame);
            fit(frame);
            frame.addEventListener('load', () => {
                const page = frame.contentDocument;
                if (page?.URL === 'about:blank') {
                    return;
                }
                if (!page?.querySelector('article.story')) {
                    frame.remove();
                    failed(new Error('You may no longer change this story, or are signed out.'));
                    return;
                }
                colour(frame);
                quieten(page);
                frame.contentWindow.scrollTo({ top: shown?.contentWindow.scrollY ?? 0, behavior: 'instant' });
                frame.classList.remove('arriving');
                shown?.remove();
                shown = frame;
                done();
            });
            send(draft, frame.name);
        });

        const refresh = async () => {
            clearTimeout(waiting);
            if (isAsking) {
                isBehind = true;
                return;
            }
            isAsking = true;
            try {
                await show(await seal());
                told.textContent = '';
            } catch (error) {
                told.textContent = `The preview is behind the text. ${error.message}`;
            }
            isAsking = false;
            if (isBehind) {
                isBehind = false;
                refresh();
            }
        };

        const later = () => {
            if (!panel.hidden) {
                clearTimeout(waiting);
                waiting = setTimeout(refresh, REST);
            }
        };

        const toggle = () => {
            panel.hidden = !panel.hidden;
            columns.classList.toggle('has-preview', !panel.hidden);
            button.setAttribute('aria-pressed', String(!panel.hidden));
            if (!panel.hidden) {
                refresh();
            }
        };

        function onKey(event) {
            if (event.altKey && event.shiftKey && event.code === 'KeyP') {
                event.preventDefault();
                toggle();
                if (panel.hidden) {
                    button.focus();
                }
            }
        }

        columns.firstElementChild.after(panel);
        button.hidden = false;
        button.addEventListener('click', toggle);
        document.addEventListener('keydown', onKey);
        press('width', width);
        press('colours', colours);
        panel.addEventListener('click', ({ target }) => {
            const chosen = target.closest('button');
            if (chosen?.dataset.width) {
                width = Number(chosen.dataset.width);
                press('width', width);
            } else if (chosen?.dataset.colours) {
                colours = chosen.dataset.colours;
                press('colours', colours);
            }
            if (chosen && shown) {
                fit(shown);
                colour(shown);
            }
        });
        new ResizeObserver(() => { if (shown) { fit(shown); } }).observe(holder);
        // Boxes that propose tell of a choice by jQuery alone.
        window.django.jQuery(form).on('input change', later);
        document.addEventListener('formset:added', later);
        document.addEventListener('formset:removed', later);
    };

    if (panel && columns) {
        preview();
    }

    // Links for outsiders --------------------------------------------------------------------------------------------

    const offerToCopy = (group) => {
        for (const button of group.querySelectorAll('.preview-copy')) {
            button.hidden = !navigator.clipboard;
        }
    };

    const post = (button, group) => {
        exchange(button, '.preview-links', group.querySelectorAll('[name^="_preview_"]'), (arrived) => {
            offerToCopy(arrived);
            arrived.querySelector('input, button').focus();
        });
    };

    document.addEventListener('click', async (event) => {
        const button = event.target.closest('.preview-links button');
        const group = button?.closest('.preview-links');
        if (button?.formAction && button.type === 'submit') {
            event.preventDefault();
            post(button, group);
        } else if (button) {
            const address = button.parentElement.querySelector('input');
            address.select();
            try {
                await navigator.clipboard.writeText(address.value);
                group.querySelector('.preview-links-told').textContent = 'Copied.';
            } catch {}
        }
    });
    document.addEventListener('keydown', (event) => {
        if (event.key === 'Enter' && event.target.matches('.preview-links input')) {
            event.preventDefault();
            if (event.target.name) {
                event.target.closest('.preview-links').querySelector('.preview-make').click();
            }
        }
    });
    for (const group of document.querySelectorAll('.preview-links')) {
        offerToCopy(group);
    }
});
