-- A blind index finds an encrypted value by equality, also while a rotation is under way.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;

select plan(7);

create temporary table people (id int, email text, email_index text);
insert into people
select id, private.encrypt_sensitive(email, 'people.email.' || id),
  private.blind_index(email, 'people.email')
from (values (1, 'ada@example.com'), (2, 'bob@example.com')) as given (id, email);

prepare find(text) as
  select id from people where email_index = any (private.blind_indexes($1, 'people.email'));

select results_eq($$execute find('bob@example.com')$$, array[2], 'a value is found by equality');
select is_empty($$execute find('Bob@example.com')$$, 'who searches normalises the text first');
select private.rotate_key('blind_index') \g /dev/null
select results_eq($$execute find('ada@example.com')$$, array[1], 'an old hash is found');
insert into people values (3, null, private.blind_index('ada@example.com', 'people.email'));
select set_eq($$execute find('ada@example.com')$$, array[1, 3], 'a new one as well');
select isnt(
  private.blind_index('ada@example.com', 'people.email'),
  private.blind_index('ada@example.com', 'members.email'),
  'threat: two tables are joined by their hashes'
);
select isnt(
  split_part(private.blind_index('ada@example.com', 'people.email'), '.', 2),
  private.base64(sha256('ada@example.com'::bytea)),
  'threat: a list of known addresses is hashed and compared'
);
select is(private.blind_index(null, 'people.email'), null, 'nothing has no hash');

select * from finish();
rollback;
