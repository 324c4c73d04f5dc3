-- What a review and an answer may hold: each check with a value that passes and one that does not.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(53);

select columns_are(
  'directory', 'business_reviews',
  array[
    'id', 'business_id', 'reviewer_id', 'rating', 'title', 'content', 'visit_date',
    'verification_type', 'photos', 'videos', 'status', 'sentiment_score', 'topics',
    'language', 'created_at', 'updated_at', 'published_at', 'edited_at', 'deleted_at'
  ],
  'a review holds no count of votes, no note of a moderator, no flag and no evidence'
);
select columns_are(
  'directory', 'business_review_responses',
  array[
    'id', 'review_id', 'business_id', 'responder_id', 'content', 'status', 'created_at',
    'updated_at'
  ],
  'an answer names the review, the business and who answered'
);
select columns_are(
  'directory_internal', 'business_review_moderation',
  array[
    'review_id', 'verification_data', 'moderation_notes', 'flagged_count', 'flag_reasons',
    'moderated_by', 'moderated_at'
  ],
  'what moderators know of a review lies in a table of its own'
);

insert into auth.users (id) values
  ('a7e57000-0000-4000-8000-000000000001'),
  ('a7e57000-0000-4000-8000-000000000002');
insert into directory.categories (id, slug, name)
values ('c7e57000-0000-4000-8000-000000000001', 'zra-one', 'Zra One');
insert into directory.businesses (id, name, city, state, primary_category_id, status) values
  ('b7e57000-0000-4000-8000-000000000001', 'Zra One', 'Zraville', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'active'),
  ('b7e57000-0000-4000-8000-000000000002', 'Zra Two', 'Zraville', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'active');
insert into directory.business_reviews (id, business_id, reviewer_id, rating, content) values
  ('e7e57000-0000-4000-8000-000000000001', 'b7e57000-0000-4000-8000-000000000001',
    'a7e57000-0000-4000-8000-000000000001', 4, 'Good');
insert into directory_internal.business_review_moderation (review_id)
values ('e7e57000-0000-4000-8000-000000000001');

select results_eq(
  $$
    select status, language, topics, photos, videos, published_at
    from directory.business_reviews where id = 'e7e57000-0000-4000-8000-000000000001'
  $$,
  $$
    values ('pending', 'en', '{}'::text[], '[]'::jsonb, '[]'::jsonb, null::timestamptz)
  $$,
  'a new review waits for moderation, in English'
);

-- the constraint that refuses the statement, null when none does
create function pg_temp.refused_by(statement text)
returns text
language plpgsql
as $$
declare
  constraint_name text;
begin
  execute statement;
  raise exception using errcode = 'ZQK00';
exception
  when sqlstate 'ZQK00' then
    return null;
  when check_violation or unique_violation or foreign_key_violation then
    get stacked diagnostics constraint_name = constraint_name;
    return constraint_name;
end;
$$;

select is(
  pg_temp.refused_by(
    format(
      'update directory.business_reviews set %s where id = %L',
      good.assignment, 'e7e57000-0000-4000-8000-000000000001'
    )
  ),
  null,
  good.rule
)
from (
  values
    ('rating = 1', 'one star is the least'),
    ('rating = 5', 'five stars are the most'),
    ('title = repeat(''t'', 255)', 'a title may have 255 characters'),
    ('content = repeat(''c'', 10000)', 'a text may have 10,000 characters'),
    ('visit_date = current_date', 'a visit may be today'),
    ('visit_date = ''2000-01-01''', 'a visit may lie in the year 2000'),
    ('verification_type = ''receipt''', 'a receipt proves a visit'),
    ('verification_type = ''photo''', 'a photo proves a visit'),
    ('verification_type = ''location''', 'a location proves a visit'),
    ('photos = ''[{"url": "https://example.com/1.png"}]''', 'photos are a list'),
    ('status = ''published''', 'a review may be published'),
    ('status = ''rejected''', 'a review may be rejected'),
    ('status = ''hidden''', 'a review may be hidden'),
    ('sentiment_score = -1', 'the worst sentiment is -1'),
    ('sentiment_score = 1', 'the best sentiment is 1'),
    ('language = ''pt-BR''', 'a language may carry a region')
) as good (assignment, rule);

select is(
  pg_temp.refused_by(
    format(
      'update directory.business_reviews set %s where id = %L',
      bad.assignment, 'e7e57000-0000-4000-8000-000000000001'
    )
  ),
  'business_reviews_' || bad.name || '_check',
  bad.rule
)
from (
  values
    ('rating = 0', 'rating', 'no star is refused'),
    ('rating = 6', 'rating', 'six stars are refused'),
    ('title = repeat(''t'', 256)', 'title', 'a title of 256 characters is refused'),
    ('content = ''''', 'content', 'an empty text is refused'),
    ('content = ''   ''', 'content', 'a blank text is refused'),
    ('content = repeat(''c'', 10001)', 'content', 'a text of 10,001 characters is refused'),
    ('visit_date = ''1999-12-31''', 'visit_date', 'a visit before 2000 is refused'),
    ('verification_type = ''promise''', 'verification_type', 'an unknown proof is refused'),
    ('photos = ''{}''', 'json', 'photos that are no list are refused'),
    ('videos = ''"a"''', 'json', 'videos that are no list are refused'),
    ($$ photos = jsonb_build_array(repeat('p', 40000)), videos = jsonb_build_array(repeat('v',
      40000))
      $$,
      'json', 'photos and videos of more than 64 kB together are refused'),
    ('status = ''approved''', 'status', 'an unknown status is refused'),
    ('sentiment_score = 1.01', 'sentiment_score', 'a sentiment above 1 is refused'),
    ('sentiment_score = -1.01', 'sentiment_score', 'a sentiment below -1 is refused'),
    ('language = ''english''', 'language', 'a language that is no code is refused')
) as bad (assignment, name, rule);

select throws_ok(
  format('update directory.business_reviews set %I = null where true', required.name),
  '23502', null,
  format('a review needs its %s', required.name)
)
from unnest(array['business_id', 'reviewer_id', 'rating', 'content', 'status'])
  as required (name);

select is(pg_temp.refused_by(bad.statement), bad.name, bad.rule)
from (
  values
    (
      $$
        insert into directory.business_reviews (business_id, reviewer_id, rating, content)
        values ('b7e57000-0000-4000-8000-0000000000ff', 'a7e57000-0000-4000-8000-000000000001', 3,
          'x')
      $$,
      'business_reviews_business_id_fkey',
      'a review of a business that does not exist is refused'
    ),
    (
      $$
        insert into directory.business_reviews (business_id, reviewer_id, rating, content)
        values ('b7e57000-0000-4000-8000-000000000001', 'a7e57000-0000-4000-8000-0000000000ff', 3,
          'x')
      $$,
      'business_reviews_reviewer_id_fkey',
      'a review by a user who does not exist is refused'
    ),
    (
      $$
        insert into directory.business_review_responses (review_id, business_id, content)
        values ('e7e57000-0000-4000-8000-000000000001', 'b7e57000-0000-4000-8000-000000000002', 'x')
      $$,
      'business_review_responses_review_id_business_id_fkey',
      'an answer in the name of another business than the one reviewed is refused'
    ),
    (
      $$
        insert into directory.business_review_responses (review_id, business_id, content)
        values ('e7e57000-0000-4000-8000-000000000001', 'b7e57000-0000-4000-8000-000000000001', ' ')
      $$,
      'business_review_responses_content_check',
      'a blank answer is refused'
    ),
    (
      $$
        insert into directory.business_review_responses (review_id, business_id, content)
        values ('e7e57000-0000-4000-8000-000000000001', 'b7e57000-0000-4000-8000-000000000001',
          repeat('r', 5001))
      $$,
      'business_review_responses_content_check',
      'an answer of 5,001 characters is refused'
    ),
    (
      $$
        insert into directory.business_review_responses (review_id, business_id, content, status)
        values ('e7e57000-0000-4000-8000-000000000001', 'b7e57000-0000-4000-8000-000000000001', 'x',
          'pinned')
      $$,
      'business_review_responses_status_check',
      'an unknown status of an answer is refused'
    ),
    (
      $$
        insert into directory.business_review_responses (review_id, business_id, content)
        values ('e7e57000-0000-4000-8000-000000000001', 'b7e57000-0000-4000-8000-000000000001',
          repeat('r', 5000))
      $$,
      null,
      'an answer of 5,000 characters is taken'
    ),
    (
      $$
        update directory_internal.business_review_moderation set moderation_notes = repeat('n',
          2001)
        where review_id = 'e7e57000-0000-4000-8000-000000000001'
      $$,
      'business_review_moderation_moderation_notes_check',
      'a note of 2,001 characters is refused'
    ),
    (
      $$
        update directory_internal.business_review_moderation set flagged_count = -1
        where review_id = 'e7e57000-0000-4000-8000-000000000001'
      $$,
      'business_review_moderation_flagged_count_check',
      'a negative number of flags is refused'
    ),
    (
      $$
        update directory_internal.business_review_moderation set flag_reasons = '{}'
        where review_id = 'e7e57000-0000-4000-8000-000000000001'
      $$,
      'business_review_moderation_flag_reasons_check',
      'reasons that are no list are refused'
    )
) as bad (statement, name, rule);

insert into directory.business_review_responses (review_id, business_id, content)
values ('e7e57000-0000-4000-8000-000000000001', 'b7e57000-0000-4000-8000-000000000001', 'Thanks');
select throws_ok(
  $$
    insert into directory.business_review_responses (review_id, business_id, content)
    values ('e7e57000-0000-4000-8000-000000000001', 'b7e57000-0000-4000-8000-000000000001', 'Again')
  $$,
  '23505', null,
  'a review is answered once'
);
delete from directory.business_reviews where id = 'e7e57000-0000-4000-8000-000000000001';
select is_empty(
  $$
    select review_id from directory.business_review_responses
    where review_id = 'e7e57000-0000-4000-8000-000000000001'
    union all
    select review_id from directory_internal.business_review_moderation
    where review_id = 'e7e57000-0000-4000-8000-000000000001'
  $$,
  'the answer and the notes go with the review'
);
insert into directory.business_reviews (id, business_id, reviewer_id, rating, content) values
  ('e7e57000-0000-4000-8000-000000000002', 'b7e57000-0000-4000-8000-000000000001',
    'a7e57000-0000-4000-8000-000000000001', 4, 'Good'),
  ('e7e57000-0000-4000-8000-000000000003', 'b7e57000-0000-4000-8000-000000000001',
    'a7e57000-0000-4000-8000-000000000002', 4, 'Good');
delete from auth.users where id = 'a7e57000-0000-4000-8000-000000000001';
select results_eq(
  $$
    select reviewer_id from directory.business_reviews
    where business_id = 'b7e57000-0000-4000-8000-000000000001'
  $$,
  $$ values ('a7e57000-0000-4000-8000-000000000002'::uuid) $$,
  'the reviews of a user go with the account, and no others'
);

select * from finish();
rollback;
