-- A business hands in papers, moderators decide; the papers are for them alone.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir business_people.psql

select plan(45);

select pg_temp.enter(1, 'member'), pg_temp.enter(2, 'member', 'suspended'),
  pg_temp.enter(3, 'moderator') \g /dev/null
insert into directory.business_managers (business_id, user_id, role, accepted_at)
values (pg_temp.b(1), pg_temp.person('user'), 'manager', now());
update directory.businesses set verification_status = 'rejected' where id = pg_temp.b(1);
create temporary table kept (name text primary key, value text);
create function pg_temp.submit(
  name text, documents text default '[{"kind": "license", "path": "b/1.pdf"}]', number int default 1
)
returns text
language sql
as $$
  select pg_temp.try(
    submit.name,
    format('select directory.submit_verification(%L, %L)', pg_temp.b(number), documents)
  );
$$;
create function pg_temp.decide(name text, decision text, kept_as text default 'first')
returns text
language sql
as $$
  select coalesce(
    nullif(
      pg_temp.try(
        decide.name, format(
          $q$select directory.review_verification(%L, %L, 'Zqb reason')$q$,
          (select value from kept where kept.name = kept_as), decision
        )
      ), ''
    ), 'done'
  );
$$;

select is(pg_temp.submit(person), '42501', rule)
from (
  values
    ('anon', 'a visitor hands in nothing'), ('other', 'nor a stranger'), ('user', 'nor a manager'),
    ('moderator', 'nor a moderator')
) as tried (person, rule);
select is(pg_temp.submit('member', documents), 'PL148', rule)
from (
  values
    ('[]', 'no papers are refused'), ('{}', 'an object is refused'), (null, 'null is refused'),
    ('["b/1.pdf"]', 'a path alone is refused'),
    ('[{"kind": "license"}]', 'a paper without a path is refused'),
    ('[{"kind": "photo", "path": "a"}]', 'an unknown kind is refused'),
    ('[{"kind": "tax", "path": ""}]', 'an empty path is refused'),
    ('[{"kind": "tax", "path": "a", "received_at": "2020-01-01"}]',
      'nobody dates their own papers'),
    ('[{"kind": "tax", "path": 7}]', 'a path that is no text is refused')
) as tried (documents, rule);
select is(
  pg_temp.submit('member', (
    select jsonb_agg('{"kind": "tax", "path": "a"}'::jsonb)::text from generate_series(1, 11)
  )),
  'PL148', 'eleven papers are refused'
);
select is(pg_temp.submit('member', number => 2), 'PL153', 'a suspended business is not verified');

insert into kept values ('first', pg_temp.submit('member'));
select matches((select value from kept where name = 'first'), '^[0-9a-f-]{36}$',
  'an owner hands in papers');
select is((pg_temp.the(1)).verification_status, 'pending', 'the business is pending');
select is(
  (
    select verification_documents from directory_internal.business_private
    where business_id = pg_temp.b(1)
  ),
  jsonb_build_array(
    jsonb_build_object('kind', 'license', 'path', 'b/1.pdf', 'received_at', now())
  ),
  'the papers are dated, in the private table'
);
select is(pg_temp.submit('member'), 'PL147', 'papers do not change while somebody looks at them');
select is(pg_temp.try(person, 'select count(*) from directory.waiting_verifications()'), outcome,
  rule)
from (
  values
    ('anon', '42501', 'a visitor sees no papers'), ('member', '42501', 'nor an owner'),
    ('analyst', '42501', 'nor an analyst'), ('moderator', '1', 'a moderator does')
) as tried (person, outcome, rule);
select is(
  pg_temp.try('moderator',
    $$select string_agg(documents -> 0 ->> 'path', '') from directory.waiting_verifications()$$),
  'b/1.pdf', 'with what was handed in'
);

select is(pg_temp.decide(person, decision), outcome, rule)
from (
  values
    ('member', 'verify', '42501', 'an owner does not verify the own business'),
    ('anon', 'verify', '42501', 'nor a visitor'),
    ('analyst', 'verify', '42501', 'nor an analyst'),
    ('expired_admin', 'verify', '42501', 'nor an administrator of yesterday'),
    ('moderator', 'publish', 'PL149', 'an unknown decision is refused'),
    ('moderator', null, 'PL149', 'and none')
) as tried (person, decision, outcome, rule);
select is((pg_temp.the(1)).verification_status, 'pending',
  'after all refusals nothing has changed');
select is(pg_temp.decide('moderator', 'reject'), 'done', 'a moderator rejects');
select is((pg_temp.the(1)).verification_status, 'rejected', 'the business is rejected');
select is(pg_temp.decide('admin', 'verify'), 'PL159', 'what is decided is decided');
select is(
  pg_temp.try(person, format(
    $$select string_agg(status || ' ' || reason, '') from directory.list_verifications(%L)$$,
    pg_temp.b(1)
  )),
  outcome, rule
)
from (
  values
    ('member', 'rejected Zqb reason', 'the owner reads why'),
    ('user', 'rejected Zqb reason', 'and a manager'), ('other', '42501', 'and nobody else')
) as tried (person, outcome, rule);

insert into kept values ('second', pg_temp.submit('member'));
select is(pg_temp.decide('moderator', 'verify', 'second'), 'done', 'a second try is verified');
select is(
  ((pg_temp.the(1)).verification_status, (pg_temp.the(1)).verification_date)::text,
  ('verified'::text, now())::text, 'and dated'
);
select is((select is_verified from directory.listings where business_id = pg_temp.b(1)), true,
  'the listing shows it');
select is(pg_temp.submit('member'), 'PL147', 'a verified business hands in nothing');
insert into kept values ('own', pg_temp.submit('moderator', number => 3));
select is(pg_temp.decide('moderator', 'verify', 'own'), 'PL144',
  'a moderator does not verify the own business');
select directory.admin_update_business(pg_temp.b(3), '{"verification_status": "verified"}')
\g /dev/null
select is(pg_temp.decide('admin', 'reject', 'own'), 'PL159',
  'a request ends when an administrator decides by hand');
select is(
  (
    select array_agg(metadata ->> 'decision' order by id) from audit.admin_actions
    where action = 'review_verification' and target_id = pg_temp.b(1)::text
  ),
  array['reject', 'verify'], 'decisions are written down'
);
select is(
  (
    select count(*) from audit.audit_logs
    where new_values::text like '%b/1.pdf%'
  ),
  0::bigint, 'no paper enters the trail'
);

select * from finish();
rollback;
