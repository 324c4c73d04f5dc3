-- What a business may hold: each check with a value that passes and one that does not.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(119);

insert into directory.categories (id, slug, name)
values ('c7e57000-0000-4000-8000-000000000001', 'zqk-one', 'Zqk One');
insert into directory.businesses (id, name, city, state, primary_category_id, status)
values ('b7e57000-0000-4000-8000-000000000001', 'Zqk One', 'Zqkville', 'TX',
  'c7e57000-0000-4000-8000-000000000001', 'active');

-- the constraint that refuses the assignments, null when none does
create function pg_temp.refused_by(assignments text)
returns text
language plpgsql
as $$
declare
  constraint_name text;
begin
  execute format(
    'update directory.businesses set %s where id = %L',
    assignments, 'b7e57000-0000-4000-8000-000000000001'
  );
  -- leave nothing behind for the next value
  raise exception using errcode = 'ZQK00';
exception
  when sqlstate 'ZQK00' then
    return null;
  when check_violation then
    get stacked diagnostics constraint_name = constraint_name;
    return constraint_name;
end;
$$;

select is(pg_temp.refused_by(good.assignments), null, good.rule)
from (
  values
    ($$ slug = 'zqk-2-b' $$, 'a slug is lower-case words and digits with single hyphens'),
    ($$ slug = repeat('a', 255) $$, 'a slug may have 255 characters'),
    ($$ name = repeat('é', 255) $$, 'a name may have 255 characters'),
    ($$ description = repeat('d', 10000) $$, 'a description may have 10,000 characters'),
    ($$ short_description = repeat('d', 500) $$, 'a short description may have 500 characters'),
    ($$ tags = array_fill('t'::text, array[50]) $$, 'a business may have 50 tags'),
    ($$ tags = array[repeat('t', 1000), repeat('u', 1000)] $$,
      'tags may have 2,000 characters in all'),
    ($$ meta_keywords = array_fill(repeat('k', 40), array[50]) $$,
      'keywords may be 50 with 2,000 characters in all'),
    ($$ custom_attributes = jsonb_build_object('a', repeat('x', 100000)) $$,
      'what is free in its form may have 128 kB in all'),
    ($$ phone = '+1 (512) 555-0100' $$, 'a telephone number may have a country code and brackets'),
    ($$ phone = '512.555.0100x22' $$, 'a telephone number may have dots and an extension'),
    ($$ email = 'bob.o_neil+shop@mail.example.co.uk' $$,
      'an e-mail address may have a plus and dots'),
    ($$ email = 'BOB@Example.COM' $$, 'an e-mail address in capitals is taken, in lower case'),
    ($$ website = 'https://example.com/a?b=c' $$, 'a website is an http or https address'),
    ($$ website = 'HTTP://EXAMPLE.COM' $$, 'the scheme of a website may be in capitals'),
    ($$ address_line_1 = repeat('a', 255), address_line_2 = repeat('a', 255) $$,
      'address lines may have 255 characters'),
    ($$ city = repeat('c', 100), state = repeat('s', 50), zip_code = repeat('1', 20) $$,
      'city, state and zip code may have 100, 50 and 20 characters'),
    ($$ country = 'Côte d''Ivoire' $$, 'a country may have accents and apostrophes'),
    ($$ longitude = 180, latitude = 90 $$, 'coordinates go up to 180 and 90 degrees'),
    ($$ longitude = -180, latitude = -90 $$, 'coordinates go down to -180 and -90 degrees'),
    ($$ longitude = null, latitude = null $$, 'a business may have no place'),
    ($$ service_area_radius_miles = 1 $$, 'a service radius may be one mile'),
    ($$ service_area_radius_miles = 500 $$, 'a service radius may be 500 miles'),
    ($$ year_established = 1000 $$, 'the year of foundation may be 1000'),
    ($$ year_established = 2200 $$, 'the year of foundation may be 2200'),
    ($$ employee_count = '10-49' $$, 'the number of employees is a range in words'),
    ($$ logo_url = 'https://example.com/l.png' $$, 'a logo is an http or https address'),
    ($$ cover_image_url = 'http://example.com/c.png' $$, 'a cover is an http or https address'),
    ($$ business_hours = '{"mon": [["09:00", "17:00"]]}' $$, 'hours are an object'),
    ($$ special_hours = '{"2026-12-25": []}' $$, 'special hours are an object'),
    ($$ gallery = '[{"url": "https://example.com/1.png"}]' $$, 'a gallery is a list'),
    ($$ video_urls = '["https://example.com/1.mp4"]' $$, 'videos are a list'),
    ($$ verification_status = 'unverified' $$, 'verification may be unverified'),
    ($$ verification_status = 'verified' $$, 'verification may be verified'),
    ($$ verification_status = 'rejected' $$, 'verification may be rejected'),
    ($$ subscription_tier = 'premium' $$, 'a tier may be premium'),
    ($$ subscription_tier = 'elite' $$, 'a tier may be elite'),
    ($$ meta_title = repeat('t', 255), meta_description = repeat('t', 500) $$,
      'meta texts may have 255 and 500 characters'),
    ($$ status = 'draft' $$, 'a business may be a draft'),
    ($$ status = 'suspended' $$, 'a business may be suspended'),
    ($$ status = 'deleted' $$, 'a business may be deleted'),
    ($$ suspended_at = now(), suspended_until = now() + interval '1 second' $$,
      'a suspension may end after it begins')
) as good (assignments, rule);

select is(
  pg_temp.refused_by(bad.assignments), 'businesses_' || bad.name || '_check', bad.rule
)
from (
  values
    ($$ slug = 'Zqk' $$, 'slug', 'a slug with capitals is refused'),
    ($$ slug = 'zqk--b' $$, 'slug', 'a slug with two hyphens in a row is refused'),
    ($$ slug = 'zqk-' $$, 'slug', 'a slug that ends with a hyphen is refused'),
    ($$ slug = 'zqk b' $$, 'slug', 'a slug with a space is refused'),
    ($$ slug = 'café' $$, 'slug', 'a slug with an accent is refused'),
    ($$ slug = repeat('a', 256) $$, 'slug', 'a slug of 256 characters is refused'),
    ($$ name = '' $$, 'name', 'an empty name is refused'),
    ($$ name = '   ' $$, 'name', 'a blank name is refused'),
    ($$ name = repeat('n', 256) $$, 'name', 'a name of 256 characters is refused'),
    ($$ description = repeat('d', 10001) $$, 'description',
      'a description of 10,001 characters is refused'),
    ($$ short_description = repeat('d', 501) $$, 'short_description',
      'a short description of 501 characters is refused'),
    ($$ tags = array_fill('t'::text, array[51]) $$, 'tags', '51 tags are refused'),
    ($$ tags = array[repeat('t', 2001)] $$, 'tags', 'tags of 2,001 characters in all are refused'),
    ($$ phone = 'call me' $$, 'phone', 'a telephone number in words is refused'),
    ($$ phone = '12' $$, 'phone', 'a telephone number of two digits is refused'),
    ($$ phone = '+1 (512) 555-0100 x12345' $$, 'phone',
      'a telephone number of more than 20 characters is refused'),
    ($$ phone = '512<script>' $$, 'phone', 'a telephone number with markup is refused'),
    ($$ email = 'bob@example.c|' $$, 'email', 'an e-mail domain that ends in a bar is refused'),
    ($$ email = '..@-.|||' $$, 'email', 'an e-mail address of dots and bars is refused'),
    ($$ email = 'a@b..com' $$, 'email', 'an e-mail domain with two dots in a row is refused'),
    ($$ email = '..@example.com' $$, 'email', 'an e-mail name of dots is refused'),
    ($$ email = '.bob@example.com' $$, 'email', 'an e-mail name that begins with a dot is refused'),
    ($$ email = 'bob@-example.com' $$, 'email',
      'an e-mail domain that begins with a hyphen is refused'),
    ($$ email = 'bob@example' $$, 'email', 'an e-mail domain without a dot is refused'),
    ($$ email = 'bob example.com' $$, 'email', 'an e-mail address without @ is refused'),
    ($$ email = E'bob@example.com\nx' $$, 'email',
      'an e-mail address with a line break is refused'),
    ($$ email = repeat('b', 250) || '@example.com' $$, 'email',
      'an e-mail address of more than 255 characters is refused'),
    ($$ website = 'example.com' $$, 'website', 'a website without a scheme is refused'),
    ($$ website = 'javascript:alert(1)' $$, 'website', 'a website that is a script is refused'),
    ($$ website = 'ftp://example.com' $$, 'website', 'a website by ftp is refused'),
    ($$ website = 'https://exa mple.com' $$, 'website', 'a website with a space is refused'),
    ($$ website = 'https://' || repeat('w', 248) $$, 'website',
      'a website of 256 characters is refused'),
    ($$ address_line_1 = repeat('a', 256) $$, 'address', 'an address of 256 characters is refused'),
    ($$ address_line_2 = repeat('a', 256) $$, 'address',
      'a second address line of 256 characters is refused'),
    ($$ city = repeat('c', 101) $$, 'address', 'a city of 101 characters is refused'),
    ($$ city = ' ' $$, 'address', 'a blank city is refused'),
    ($$ state = repeat('s', 51) $$, 'address', 'a state of 51 characters is refused'),
    ($$ state = '' $$, 'address', 'an empty state is refused'),
    ($$ zip_code = repeat('1', 21) $$, 'address', 'a zip code of 21 characters is refused'),
    ($$ country = repeat('c', 51) $$, 'address', 'a country of 51 characters is refused'),
    ($$ country = '' $$, 'address', 'an empty country is refused'),
    ($$ longitude = 180.0001, latitude = 0 $$, 'coordinates', 'a longitude past 180 is refused'),
    ($$ longitude = -181, latitude = 0 $$, 'coordinates', 'a longitude past -180 is refused'),
    ($$ longitude = 0, latitude = 91 $$, 'coordinates',
      'latitude 91 is refused, not folded back to 89'),
    ($$ longitude = 0, latitude = -90.5 $$, 'coordinates', 'a latitude past -90 is refused'),
    ($$ longitude = 10, latitude = null $$, 'coordinates', 'a longitude alone is refused'),
    ($$ longitude = null, latitude = 10 $$, 'coordinates', 'a latitude alone is refused'),
    ($$ longitude = 'NaN', latitude = 0 $$, 'coordinates',
      'a longitude that is no number is refused'),
    ($$ longitude = 0, latitude = 'Infinity' $$, 'coordinates', 'an infinite latitude is refused'),
    ($$ service_area_radius_miles = 0 $$, 'service_area_radius_miles',
      'a service radius of nothing is refused'),
    ($$ service_area_radius_miles = 501 $$, 'service_area_radius_miles',
      'a service radius of 501 miles is refused'),
    ($$ year_established = 9999 $$, 'year_established', 'the year 9999 is refused'),
    ($$ year_established = 999 $$, 'year_established', 'the year 999 is refused'),
    ($$ employee_count = repeat('9', 51) $$, 'employee_count',
      'a number of employees of 51 characters is refused'),
    ($$ logo_url = 'data:image/png;base64,AA' $$, 'logo_url',
      'a logo that is no address is refused'),
    ($$ logo_url = 'https://' || repeat('l', 493) $$, 'logo_url',
      'a logo address of 501 characters is refused'),
    ($$ cover_image_url = '/c.png' $$, 'cover_image_url', 'a cover that is no address is refused'),
    ($$ business_hours = '[]' $$, 'business_hours', 'hours that are a list are refused'),
    ($$ special_hours = '"closed"' $$, 'special_hours',
      'special hours that are a text are refused'),
    ($$ gallery = '{}' $$, 'json', 'a gallery that is an object is refused'),
    ($$ video_urls = '{}' $$, 'json', 'videos that are an object are refused'),
    ($$ brand_colors = '[]' $$, 'json', 'brand colours that are a list are refused'),
    ($$ social_media = 'null' $$, 'json', 'social media that are a JSON null are refused'),
    ($$ external_platforms = '7' $$, 'json', 'external platforms that are a number are refused'),
    ($$ trust_signals = '[]' $$, 'json', 'trust signals that are a list are refused'),
    ($$ custom_attributes = '[]' $$, 'json', 'custom attributes that are a list are refused'),
    ($$ verification_status = 'trusted' $$, 'verification_status',
      'an unknown verification is refused'),
    ($$ subscription_tier = 'platinum' $$, 'subscription_tier', 'an unknown tier is refused'),
    ($$ meta_title = repeat('t', 256) $$, 'meta', 'a meta title of 256 characters is refused'),
    ($$ meta_description = repeat('t', 501) $$, 'meta',
      'a meta description of 501 characters is refused'),
    ($$ meta_keywords = array_fill('k'::text, array[51]) $$, 'meta', '51 keywords are refused'),
    ($$ meta_keywords = array[repeat('k', 2001)] $$, 'meta',
      'keywords of 2,001 characters in all are refused'),
    ($$ custom_attributes = jsonb_build_object('a', repeat('x', 131073)) $$, 'json_size',
      'attributes of more than 128 kB are refused'),
    ($$ gallery = jsonb_build_array(repeat('x', 70000)),
      social_media = jsonb_build_object('a', repeat('x', 70000)) $$, 'json_size',
      'more than 128 kB in several columns together are refused'),
    ($$ suspended_at = now(), suspended_until = now() $$, 'suspension',
      'a suspension that ends when it begins is refused')
) as bad (assignments, name, rule);

select throws_ok(
  $$
    insert into directory.businesses (name, city, state, primary_category_id, status)
    values ('Zqk Bogus', 'Zqkville', 'TX', 'c7e57000-0000-4000-8000-000000000001', 'bogus')
  $$,
  '23514', null,
  'an unknown status is refused'
);
select throws_ok(
  $$
    insert into directory.businesses (name, city, state, primary_category_id)
    values ('Zqk Lost', 'Zqkville', 'TX', 'c7e57000-0000-4000-8000-0000000000ff')
  $$,
  '23503', null,
  'a category that does not exist is refused'
);

select * from finish();
rollback;
