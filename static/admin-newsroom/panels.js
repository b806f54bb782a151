// Panels of a page that answer a button with themselves anew, without leaving the page: what is typed beside them stays.
'use strict';
{
    const SHORTLY = 100;

    const send = async (button, fields) => {
        const values = new FormData();
        for (const { name, value } of [button.form.elements.csrfmiddlewaretoken, button, ...fields]) {
            if (name) {
                values.append(name, value);
            }
        }
        const headers = { 'X-Requested-With': 'XMLHttpRequest' };
        const answer = await fetch(button.formAction, { method: 'POST', body: values, headers });
        if (!answer.ok || answer.redirected) {
            throw new Error(answer.redirected ? 'You are signed out.' : 'The desk refused it.');
        }
        return new DOMParser().parseFromString(await answer.text(), 'text/html');
    };

    // A panel has one place with the role of a status: gives it when it says what became of the button's wish.
    // `arrive` is handed the new panel as soon as it stands there.
    const exchange = async (button, name, fields, arrive) => {
        const panel = button.closest(name);
        button.disabled = true;
        try {
            const arrived = (await send(button, fields)).querySelector(name);
            const told = arrived.querySelector('[role="status"]');
            const words = told.textContent;
            told.textContent = '';
            panel.replaceWith(arrived);
            arrive(arrived);
            // Said once it is there, so that screen readers notice; unless something else was said meanwhile.
            await new Promise((done) => { setTimeout(done, SHORTLY); });
            told.textContent ||= words;
            return told;
        } catch (error) {
            const told = panel.querySelector('[role="status"]');
            told.textContent = `Nothing was changed. ${error.message}`;
            button.disabled = false;
            return told;
        }
    };

    window.newsroomPanels = { exchange };
}
