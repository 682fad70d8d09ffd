/** Style sheets are for the build alone. */
declare module "*.css";
