// placeholder while rooms are built
int main() { return 0; }
