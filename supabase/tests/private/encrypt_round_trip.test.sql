-- A text that is encrypted comes back as it was, whatever is in it.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;

select plan(14);

create function pg_temp.returns_unchanged(plain_text text)
returns boolean
language sql
as $$
  select private.decrypt_sensitive(private.encrypt_sensitive(plain_text, 'a.b.c.1'), 'a.b.c.1')
    = plain_text
$$;

select ok(pg_temp.returns_unchanged('4111 1111 1111 1111'), 'a card number comes back');
select ok(pg_temp.returns_unchanged(''), 'an empty text comes back');
select ok(pg_temp.returns_unchanged('exactly 16 bytes'), 'a text that fills a block comes back');
select ok(
  pg_temp.returns_unchanged('C:\new \\ \x414243 \141'), 'backslashes come back as they are'
);
select ok(pg_temp.returns_unchanged(E'two\nlines\tand \'quotes\' "of" %s $1'), 'signs come back');
select ok(pg_temp.returns_unchanged('Żółć 東京 👩‍👩‍👧 e' || chr(769)), 'any script comes back');
select ok(pg_temp.returns_unchanged(repeat('é👍', 170000)), 'a text of a megabyte comes back');
select is(private.encrypt_sensitive(null), null, 'nothing is encrypted as nothing');
select is(private.decrypt_sensitive(null), null, 'and comes back as nothing');
select is(
  private.decrypt_sensitive(private.encrypt_sensitive('no context')), 'no context',
  'the context may be left out'
);
select is(
  private.decrypt_sensitive(private.encrypt_sensitive('x', 'é.👍'), 'é.👍'), 'x',
  'a context may hold any sign'
);
select throws_ok(
  $$select private.encrypt_sensitive('x', null)$$,
  '23502', 'The context of an encrypted text is null.',
  'a context that is null is refused, since a column without a value would stand behind it'
);
select matches(
  private.encrypt_sensitive(repeat('x', 1000)), '^v1\.[A-Za-z0-9+/]+=*$',
  'an encrypted text names its key version and is base64 on one line'
);
select is(
  octet_length(decode(split_part(private.encrypt_sensitive('0123456789'), '.', 2), 'base64')),
  1 + 16 + 16 + 32,
  'it holds format, IV, whole blocks and hash'
);

select * from finish();
rollback;
