-- Managers and editors come by an invitation that they accept themselves.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir business_people.psql

select plan(41);

update auth.users set email_confirmed_at = now() where id = pg_temp.person('other');
select pg_temp.enter(1, 'member'), pg_temp.enter(2, 'member', 'deleted') \g /dev/null
create temporary table kept (name text primary key, id text, token text);
create function pg_temp.token(name text)
returns text
language sql
as $$ select kept.token from kept where kept.name = token.name $$;
create function pg_temp.invite(
  name text, role text default 'editor', email text default null, number int default 1
)
returns text
language sql
as $$
  select pg_temp.try(
    invite.name, format(
      $q$select concat_ws(' ', invitation_id, token)
        from directory.invite_business_manager(%L, %L, %L)$q$,
      pg_temp.b(number), invite.role, invite.email
    )
  );
$$;
create function pg_temp.keep(name text, invited text)
returns void
language sql
as $$
  insert into kept
  values (keep.name, split_part(invited, ' ', 1), nullif(split_part(invited, ' ', 2), ''));
$$;
create function pg_temp.answer(name text, verb text, token text)
returns text
language sql
as $$
  select pg_temp.try(
    answer.name, format('select directory.%I(%L)', answer.verb || '_business_invitation', token)
  );
$$;
create function pg_temp.role_of(name text)
returns text
language sql
as $$
  select business_managers.role || coalesce(' by ' || (invited_by = pg_temp.person('member')), '')
  from directory.business_managers
  where business_id = pg_temp.b(1) and user_id = pg_temp.person(role_of.name)
    and accepted_at is not null;
$$;

select is(pg_temp.invite(person), '42501', rule)
from (
  values
    ('anon', 'a visitor invites nobody'), ('other', 'nor a stranger'),
    ('moderator', 'nor a moderator'), ('expired_admin', 'nor an administrator of yesterday')
) as tried (person, rule);
select is(pg_temp.invite('member', role), 'PL154', rule)
from (
  values
    ('owner', 'nobody is invited to be the owner'), ('Manager', 'a role in capitals is none'),
    (null, 'nor null')
) as tried (role, rule);
select is(pg_temp.invite('member', 'editor', 'nobody'), '23514',
  'an address that is none is refused');
select is(pg_temp.invite('member', number => 2), 'PL153',
  'nobody is invited to a deleted business');

select pg_temp.keep('editor', pg_temp.invite('member')) \g /dev/null
select matches(pg_temp.token('editor'), '^[0-9a-f]{64}$', 'an owner invites an editor');
select is(
  (select token_hash from directory_internal.business_invitations where business_id = pg_temp.b(1)),
  sha256(convert_to(pg_temp.token('editor'), 'UTF8')), 'only the hash of the token is kept'
);
select is(pg_temp.role_of('other'), null, 'which gives nobody a right yet');
select is(pg_temp.answer('anon', 'accept', pg_temp.token('editor')), '42501',
  'a visitor accepts nothing');
select is(pg_temp.answer('member', 'accept', pg_temp.token('editor')), 'PL156',
  'an owner becomes no editor');
select is(pg_temp.answer('other', 'accept', repeat('0', 64)), 'PL145', 'a guess is refused');
select is(pg_temp.answer('other', 'accept', null), 'PL145', 'and null');
select is(pg_temp.answer('other', 'accept', pg_temp.token('editor')), pg_temp.b(1)::text,
  'whoever holds the token accepts');
select is(pg_temp.role_of('other'), 'editor by true', 'and is an editor');
select is(pg_temp.answer('user', 'accept', pg_temp.token('editor')), 'PL145',
  'a token is used once');
select is(
  pg_temp.try('other', format(
    $$with written as (
        update directory.businesses set description = 'By an editor' where id = %L returning 1
      ) select count(*) from written$$, pg_temp.b(1)
  )),
  '1', 'an editor edits the business'
);
select is(pg_temp.invite('other'), '42501', 'but invites nobody');

-- for one address only
select pg_temp.keep('manager', pg_temp.invite('member', 'manager', ' Other@People.test '))
\g /dev/null
select is(pg_temp.answer('user', 'accept', pg_temp.token('manager')), 'PL145',
  'an invitation to one address no other account accepts');
update auth.users set email_confirmed_at = null where id = pg_temp.person('other');
select is(pg_temp.answer('other', 'accept', pg_temp.token('manager')), 'PL145',
  'nor an account that has not confirmed the address');
update auth.users set email_confirmed_at = now() where id = pg_temp.person('other');
select is(pg_temp.answer('other', 'accept', pg_temp.token('manager')), pg_temp.b(1)::text,
  'the account of that address does');
select is(pg_temp.role_of('other'), 'manager by true', 'the last invitation gives the role');
select is(pg_temp.invite('other'), '42501', 'a manager invites nobody either');

-- declined, revoked, out of date
select pg_temp.keep(name, pg_temp.invite('member')) from unnest(array['no', 'back']) as name
\g /dev/null
select is(pg_temp.invite('member'), 'PL155', 'the plan says how many may be invited');
select is(
  pg_temp.try(person, format(
    'select count(*) from directory.list_business_invitations(%L)', pg_temp.b(1)
  )),
  outcome, rule
)
from (
  values
    ('user', '42501', 'a stranger does not see who is invited'),
    ('member', '2', 'the owner sees what waits'), ('other', '2', 'and a manager')
) as tried (person, outcome, rule);
select is(pg_temp.answer('user', 'decline', pg_temp.token('no')), pg_temp.b(1)::text,
  'an invitation can be declined');
select is(pg_temp.answer('user', 'accept', pg_temp.token('no')), 'PL145', 'which ends it');
select is(
  pg_temp.try(person, format(
    'select directory.revoke_business_invitation(%L)', (select id from kept where name = 'back')
  )),
  outcome, rule
)
from (
  values
    ('other', '42501', 'a manager takes back no invitation'),
    ('member', 'true', 'the owner does'), ('member', 'false', 'once')
) as tried (person, outcome, rule);
select is(pg_temp.answer('user', 'accept', pg_temp.token('back')), 'PL145',
  'what was taken back is worth nothing');
select pg_temp.keep('late', pg_temp.invite('member')) \g /dev/null
update directory_internal.business_invitations
set created_at = now() - interval '20 days', expires_at = now()
where status = 'open';
select is(pg_temp.answer('user', 'accept', pg_temp.token('late')), 'PL145',
  'nor what is out of date');
select is(pg_temp.role_of('user'), null, 'after all refusals nobody has come');

-- leaving
select is(
  pg_temp.try(person, format(
    'select directory.remove_business_manager(%L, %L)', pg_temp.b(1), pg_temp.person('other')
  )),
  outcome, rule
)
from (
  values
    ('user', '42501', 'a stranger removes no manager'),
    ('other', 'true', 'a manager leaves'), ('member', 'false', 'once')
) as tried (person, outcome, rule);

select * from finish();
rollback;
